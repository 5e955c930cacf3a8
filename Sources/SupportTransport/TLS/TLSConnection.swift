import COpenSSL
import NIOCore
import SupportCrypto

/// One TLS connection as OpenSSL runs it: records in, records out, plaintext in between. It knows no channel and waits for nothing.
///
/// Legal order: `handshake()` until it says `.completed`, then `read()` and `write(_:)`, at the end `sendCloseNotify()`.
final class TLSConnection {
    enum HandshakeStep {
        case needsInput
        /// Server only. Call `decide` and then `handshake()` again.
        case suspended(ClientHello)
        case completed(TLSSession)
        case failed(TLSFailure)
    }

    enum ReadStep {
        case bytes(ByteBuffer)
        case needsInput
        case closeNotify
        case truncated
        case failed(TLSFailure)
    }

    enum HelloAnswer {
        case suspend
        case proceed
        case refuse(TLSAlert.Description)
    }

    struct VerificationFailure {
        var code: Int32
        var text: String
        var depth: Int32
        var chain: [[UInt8]]
    }

    let context: TLSContext
    private(set) var alpnPreference: [String] = []
    /// Records to send. Whoever takes them empties it.
    var outbound = ByteBuffer()
    /// Alerts that passed since they were last taken, in their order.
    private var passedAlerts: [(alert: TLSAlert, isSent: Bool)] = []

    private let ssl: OpaquePointer
    fileprivate var inbound = ByteBuffer()
    fileprivate var inboundEnded = false
    /// All bytes received before the decision, kept for passing them on.
    private var undecided: ByteBuffer? = ByteBuffer()
    private var hello: ClientHello?
    private var answer: HelloAnswer = .suspend
    private var verificationFailure: VerificationFailure?
    private var lastAlertSent: TLSAlert?
    private var lastAlertReceived: TLSAlert?
    private var isEstablished = false
    private var isBroken = false
    private var hasSentCloseNotify = false

    /// `serverName`: client only. A host name is asked for by SNI and verified; an IP address is only verified.
    init(context: TLSContext, serverName: String? = nil) throws {
        OpenSSLErrors.clear()
        guard let ssl = SSL_new(context.raw), let bio = TLSBIO.make() else {
            throw TLSFailure.configuration("no TLS connection")
        }
        self.context = context
        self.ssl = ssl
        let here = Unmanaged.passUnretained(self).toOpaque()
        lab_ssl_set_app_data(ssl, here)
        BIO_set_data(bio, here)
        // Takes over one reference, for both directions.
        SSL_set_bio(ssl, bio, bio)
        switch context.role {
        case .client:
            undecided = nil
            SSL_set_connect_state(ssl)
            if let serverName { try name(serverName) }
        case .server:
            SSL_set_accept_state(ssl)
        }
    }

    deinit { SSL_free(ssl) }

    private func name(_ serverName: String) throws {
        let parameters = SSL_get0_param(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName) == 1 { return }
        OpenSSLErrors.clear()
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        let isSet =
            lab_ssl_set_server_name(ssl, serverName) == 1
            && X509_VERIFY_PARAM_set1_host(parameters, serverName, serverName.utf8.count) == 1
        guard isSet else { throw TLSFailure.configuration("\(serverName) is no name to ask a server for") }
    }

    // MARK: Input

    func received(_ bytes: ByteBuffer) {
        var bytes = bytes
        undecided?.writeImmutableBuffer(bytes)
        if inbound.readableBytes == 0 { inbound = bytes } else { inbound.writeBuffer(&bytes) }
    }

    func receivedEnd() { inboundEnded = true }

    /// What was received and not decided about yet.
    var undecidedByteCount: Int { undecided?.readableBytes ?? 0 }

    func takeUndecided() -> ByteBuffer {
        defer { undecided = nil }
        return undecided ?? ByteBuffer()
    }

    func accept(_ identity: ServerIdentity, alpn: [String]) throws {
        OpenSSLErrors.clear()
        guard let above = lab_x509_stack_new() else { throw TLSFailure.configuration("no certificate chain") }
        defer { lab_x509_stack_free(above) }
        for certificate in identity.intermediates { _ = lab_x509_stack_push(above, certificate.handle) }
        // Takes references of its own.
        let isUsed = SSL_use_cert_and_key(
            ssl, identity.certificate.handle, identity.privateKey.handle, OpaquePointer(above), 1)
        guard isUsed == 1 else {
            throw TLSFailure.configuration("OpenSSL does not accept the certificate")
        }
        alpnPreference = alpn
        answer = .proceed
        undecided = nil
    }

    func refuse(_ description: TLSAlert.Description) {
        answer = .refuse(description)
        undecided = nil
    }

    // MARK: Steps

    func handshake() -> HandshakeStep {
        OpenSSLErrors.clear()
        let result = SSL_do_handshake(ssl)
        if result == 1 {
            isEstablished = true
            return .completed(session())
        }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ where !inboundEnded: return .needsInput
        case SSL_ERROR_WANT_CLIENT_HELLO_CB:
            guard let hello else { return .needsInput }
            return .suspended(hello)
        default: return .failed(failure())
        }
    }

    /// The next stretch of plaintext, at most 64 KiB.
    func read() -> ReadStep {
        guard !isBroken else { return .needsInput }
        var plaintext = ByteBufferAllocator().buffer(capacity: min(max(inbound.readableBytes, 1024), 65536))
        while plaintext.writableBytes > 0 {
            var count = 0
            OpenSSLErrors.clear()
            let result = plaintext.withUnsafeMutableWritableBytes { SSL_read_ex(ssl, $0.baseAddress, $0.count, &count) }
            if result == 1 {
                plaintext.moveWriterIndex(forwardBy: count)
                continue
            }
            // What was decrypted goes first; the reason why there is no more is found again by the next call.
            if plaintext.readableBytes > 0 { return .bytes(plaintext) }
            switch SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ: return inboundEnded ? .truncated : .needsInput
            case SSL_ERROR_ZERO_RETURN: return .closeNotify
            default:
                let failure = failure()
                return inboundEnded && lastAlertReceived == nil && inbound.readableBytes == 0
                    ? .truncated : .failed(failure)
            }
        }
        return .bytes(plaintext)
    }

    /// Encrypts `bytes` into `outbound`.
    func write(_ bytes: ByteBuffer) -> TLSFailure? {
        guard bytes.readableBytes > 0 else { return nil }
        outbound.reserveCapacity(outbound.readableBytes + bytes.readableBytes + (bytes.readableBytes / 16384 + 1) * 64)
        OpenSSLErrors.clear()
        var count = 0
        let result = bytes.withUnsafeReadableBytes { SSL_write_ex(ssl, $0.baseAddress, $0.count, &count) }
        return result == 1 ? nil : failure()
    }

    func sendCloseNotify() {
        guard isEstablished, !isBroken, !hasSentCloseNotify else { return }
        hasSentCloseNotify = true
        OpenSSLErrors.clear()
        SSL_shutdown(ssl)
        OpenSSLErrors.clear()
    }

    func takeAlerts() -> [(alert: TLSAlert, isSent: Bool)] {
        defer { passedAlerts = [] }
        return passedAlerts
    }

    // MARK: Noted by callbacks

    func clientHelloArrived(_ ssl: OpaquePointer) -> HelloAnswer {
        // A second hello, after a HelloRetryRequest, gets the answer of the first.
        if hello == nil {
            hello = ClientHello(during: ssl, bytes: undecided.map { Array($0.readableBytesView) } ?? [])
        }
        return answer
    }

    func alertPassed(_ alert: TLSAlert, isSent: Bool) {
        // OpenSSL also answers the end of a connection with an alert, which nobody is left to receive.
        if isSent, inboundEnded { return }
        if isSent { lastAlertSent = alert } else { lastAlertReceived = alert }
        // A peer can send warnings without end.
        if passedAlerts.count < 64 { passedAlerts.append((alert, isSent)) }
    }

    func verificationFailed(_ failure: VerificationFailure) {
        if verificationFailure == nil { verificationFailure = failure }
    }

    // MARK: Values

    private func failure() -> TLSFailure {
        isBroken = true
        let errors = OpenSSLErrors.drain()
        return TLSFailure(
            reason(errors), established: isEstablished, alertSent: lastAlertSent, alertReceived: lastAlertReceived,
            peerChain: verificationFailure?.chain ?? PresentedChain.der(of: SSL_get_peer_cert_chain(ssl)),
            detail: errors.map(\.text).joined(separator: "; "))
    }

    private func reason(_ errors: [OpenSSLError]) -> TLSFailure.Reason {
        if let alert = lastAlertReceived, alert.isFatal { return .peerAlert(alert) }
        if let verificationFailure, !isEstablished {
            return .certificateVerify(
                code: verificationFailure.code, text: verificationFailure.text, depth: verificationFailure.depth)
        }
        if case .refuse = answer, !isEstablished { return .refused }
        let reasons = errors.filter { $0.library == ERR_LIB_SSL }.map(\.reason)
        if reasons.contains(where: Self.isNotTLS) { return .notTLS }
        if reasons.contains(where: Self.isNothingInCommon) { return .nothingInCommon }
        if !isEstablished, inboundEnded, reasons.isEmpty || reasons.contains(SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            return .disconnectedDuringHandshake
        }
        return .protocolViolation
    }

    private static func isNotTLS(_ reason: Int32) -> Bool {
        [SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNKNOWN_PROTOCOL].contains(
            reason)
    }

    private static func isNothingInCommon(_ reason: Int32) -> Bool {
        [
            SSL_R_NO_SHARED_CIPHER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_APPLICATION_PROTOCOL,
            SSL_R_NO_SUITABLE_KEY_SHARE,
            SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_GROUPS, SSL_R_VERSION_TOO_LOW,
        ].contains(reason)
    }

    private func session() -> TLSSession {
        let cipher = SSL_get_current_cipher(ssl)
        return TLSSession(
            version: TLSVersion(rawValue: UInt16(truncatingIfNeeded: SSL_version(ssl))) ?? .tls12,
            cipher: SSL_CIPHER_standard_name(cipher).map { String(cString: $0) } ?? "unknown",
            cipherCode: cipher.map(SSL_CIPHER_get_protocol_id) ?? 0, alpn: selectedALPN(),
            serverName: hello?.serverName
                ?? SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) },
            clientRandom: random(SSL_get_client_random), serverRandom: random(SSL_get_server_random),
            peerChain: PresentedChain.der(of: SSL_get_peer_cert_chain(ssl)),
            verifiedChain: context.verification == .full ? PresentedChain.der(of: SSL_get0_verified_chain(ssl)) : [],
            isResumed: SSL_session_reused(ssl) == 1)
    }

    private func selectedALPN() -> String? {
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &start, &count)
        guard let start, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }

    private func random(_ get: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, Int) -> Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in count = get(ssl, buffer.baseAddress, 32) }
    }
}

/// A BIO that reads from a connection's `inbound` and writes to its `outbound`, with no memory BIO between.
enum TLSBIO {
    /// Made once and never changed: BIO_METHOD is only read by OpenSSL.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "NIO channel") else { return nil }
        BIO_meth_set_create(method) { bio in
            BIO_set_init(bio, 1)
            return 1
        }
        BIO_meth_set_read(method) { bio, target, capacity in TLSBIO.read(bio, target, capacity) }
        BIO_meth_set_write(method) { bio, source, count in TLSBIO.write(bio, source, count) }
        BIO_meth_set_ctrl(method) { bio, command, _, _ in TLSBIO.control(bio, command) }
        return method
    }()

    static func make() -> OpaquePointer? { method.flatMap { BIO_new($0) } }

    private static func connection(_ bio: OpaquePointer?) -> TLSConnection? {
        BIO_get_data(bio).map { Unmanaged<TLSConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func read(_ bio: OpaquePointer?, _ target: UnsafeMutablePointer<CChar>?, _ capacity: Int32) -> Int32
    {
        guard let target, capacity > 0, let connection = connection(bio) else { return 0 }
        lab_ssl_bio_clear_retry(bio)
        let count = min(Int(capacity), connection.inbound.readableBytes)
        guard count > 0 else {
            if connection.inboundEnded { return 0 }
            lab_ssl_bio_retry_read(bio)
            return -1
        }
        connection.inbound.readWithUnsafeReadableBytes { source in
            UnsafeMutableRawPointer(target).copyMemory(
                from: source.baseAddress ?? UnsafeRawPointer(target), byteCount: count)
            return count
        }
        return Int32(count)
    }

    private static func write(_ bio: OpaquePointer?, _ source: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
        guard let source, count > 0, let connection = connection(bio) else { return 0 }
        lab_ssl_bio_clear_retry(bio)
        connection.outbound.writeBytes(UnsafeRawBufferPointer(start: source, count: Int(count)))
        return count
    }

    private static func control(_ bio: OpaquePointer?, _ command: Int32) -> Int {
        switch command {
        case BIO_CTRL_FLUSH: 1
        case BIO_CTRL_EOF:
            connection(bio).map { $0.inboundEnded && $0.inbound.readableBytes == 0 ? 1 : 0 } ?? 1
        default: 0
        }
    }
}
