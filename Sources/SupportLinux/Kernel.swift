import CLinux

/// The kernel that all this runs on.
package enum Kernel {
    /// Its release, such as `6.1.0-18-amd64`; empty where it does not say.
    package static func release() -> String {
        var text = [CChar](repeating: 0, count: 256)
        guard lab_kernel_release(&text, 256) == 0 else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
