import LabWorld

/// This machine lacks what the lab needs; told before any step ran.
package struct PreflightError: Error, Sendable, CustomStringConvertible {
    package let refusal: WorldRefusal

    package var description: String { "the lab's world needs network namespaces: \(refusal)" }
    /// What to do next.
    package var help: String { refusal.remedy }
}
