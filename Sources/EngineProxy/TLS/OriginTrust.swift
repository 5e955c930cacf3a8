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
    private let made = NIOLockedValueBox<Made>(Made())

    private struct Made {
        var roots: CertificateStore?
        /// By the protocols they offer.
        var contexts: [[String]: TLSContext] = [:]
    }

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

    /// A client side that offers these protocols and verifies.
    func tlsContext(alpn: [String]) throws -> TLSContext {
        try made.withLockedValue { made in
            if let context = made.contexts[alpn] { return context }
            let roots = try made.roots ?? store()
            made.roots = roots
            var parameters = TLSContext.Parameters()
            if let keyLog { parameters.keyLog = { keyLog.append($0) } }
            let context = try TLSContext.client(roots: roots, alpn: alpn, parameters)
            made.contexts[alpn] = context
            return context
        }
    }

    private func store() throws -> CertificateStore {
        var roots = extra
        for file in rootFiles {
            guard let text = try? PrivateFile.read(file) else { continue }
            roots += CertificateBundle(pem: text).certificates
        }
        return try CertificateStore(roots: Array(Set(roots)))
    }
}
