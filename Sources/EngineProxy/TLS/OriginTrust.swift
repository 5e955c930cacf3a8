import NIOConcurrencyHelpers
import SupportCrypto
import SupportTransport

/// What origins are verified with: the host's own store and, added to it, the file the user named.
///
/// The host's store is read at the first TLS connection to an origin and again when asked to; a proxy that only shows its
/// onboarding page starts without it.
final class OriginTrust: Sendable {
    private let rootFiles: [String]
    private let extra: [Certificate]
    private let keyLog: KeyLogFile?
    private let context = NIOLockedValueBox<TLSContext?>(nil)

    /// Throws where the user's own file cannot be read or holds no certificate; a missing system store is none.
    init(rootFiles: [String], extraFile: String?, keyLog: KeyLogFile?) throws(ProxyError) {
        self.rootFiles = rootFiles
        self.keyLog = keyLog
        guard let extraFile else {
            extra = []
            return
        }
        extra = try Self.certificates(in: extraFile)
    }

    private static func certificates(in file: String) throws(ProxyError) -> [Certificate] {
        do {
            let found = CertificateBundle(pem: try PrivateFile.read(file)).certificates
            guard !found.isEmpty else { throw CertificateError.noCertificate(source: file) }
            return found
        } catch let error as CertificateError {
            throw .upstreamCA(error)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// A client side that offers HTTP/1.1 and verifies.
    func tlsContext() throws -> TLSContext {
        if let made = context.withLockedValue({ $0 }) { return made }
        var roots = extra
        for file in rootFiles {
            guard let text = try? PrivateFile.read(file) else { continue }
            roots += CertificateBundle(pem: text).certificates
        }
        var parameters = TLSContext.Parameters()
        if let keyLog { parameters.keyLog = { keyLog.append($0) } }
        let made = try TLSContext.client(
            roots: CertificateStore(roots: Array(Set(roots))), alpn: ["http/1.1"], parameters)
        return context.withLockedValue { context in
            if let context { return context }
            context = made
            return made
        }
    }
}
