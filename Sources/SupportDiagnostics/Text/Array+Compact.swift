extension Array {
    /// The same without room to grow: for the many small arrays that a lab is kept in.
    package var compact: [Element] { capacity > count ? map { $0 } : self }
}
