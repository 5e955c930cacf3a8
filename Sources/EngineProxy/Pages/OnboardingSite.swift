import SupportCrypto

/// The site that only the proxy can show: how to trust its authority, and the certificate to download.
package struct OnboardingSite: Sendable {
    /// The names it answers for, on any scheme.
    package static let hosts: Set<String> = ["mitm.it", "www.mitm.it"]

    private let certificate: Certificate
    private let pkcs12: [UInt8]

    package init(authority: CertificateAuthority) throws(CertificateError) {
        certificate = authority.certificate
        pkcs12 = try authority.pkcs12(withKey: false)
    }

    /// - Parameter path: with or without a query.
    package func page(method: String, path: String) -> Page {
        guard method == "GET" || method == "HEAD" else {
            return .error(status: 405, title: "Method Not Allowed", sentence: "This site can only be read.")
        }
        switch path.prefix(while: { $0 != "?" }) {
        case "/":
            return Page(status: 200, reason: "OK", contentType: "text/html; charset=utf-8", body: Array(html.utf8))
        case "/cert/pem": return file("pem", "application/x-x509-ca-cert", certificate.pem)
        case "/cert/cer": return file("cer", "application/x-x509-ca-cert", certificate.pem)
        case "/cert/p12": return file("p12", "application/x-pkcs12", pkcs12)
        default:
            return .error(
                status: 404, title: "Not Found", sentence: "There is no such page here; the start page is at /.")
        }
    }

    private func file(_ ending: String, _ type: String, _ body: [UInt8]) -> Page {
        Page(
            status: 200, reason: "OK", contentType: type, fileName: "mitmproxy-ca-cert.\(ending)", body: body)
    }

    private var fingerprint: String {
        certificate.sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
    }

    private var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>The proxy's certificate</title>
        <style>
        body{font:16px/1.55 system-ui,sans-serif;max-width:46em;margin:2.5em auto;padding:0 1em;color:#1d2733}
        h1{font-size:1.6em}h2{font-size:1.1em;margin-bottom:.2em;border-top:1px solid #dde;padding-top:1em}
        a.get{display:inline-block;padding:.3em .9em;background:#1b5fa7;color:#fff;border-radius:5px;text-decoration:none}
        code,pre{background:#f2f4f7;border-radius:4px;padding:.1em .3em;font-size:.92em}pre{padding:.6em;overflow:auto}
        small{color:#667;word-break:break-all}
        </style></head><body>
        <h1>Install the proxy's certificate authority</h1>
        <p>You are seeing this page, so your traffic passes through the proxy. To let it show you what is inside HTTPS as
        well, tell the program you browse with to trust the authority below. It was made on this machine for this course
        and exists nowhere else.</p>
        <p><small>\(Page.escaped(certificate.subject)) · SHA-256 \(fingerprint)</small></p>

        <h2>Linux</h2>
        <p><a class="get" href="/cert/pem">Get mitmproxy-ca-cert.pem</a></p>
        <p>Debian, Ubuntu:</p>
        <pre>sudo cp mitmproxy-ca-cert.pem /usr/local/share/ca-certificates/mitmproxy.crt
        sudo update-ca-certificates</pre>
        <p>Fedora: copy it into <code>/etc/pki/ca-trust/source/anchors/</code>, then <code>sudo update-ca-trust</code>.
        Arch: <code>sudo trust anchor --store mitmproxy-ca-cert.pem</code>.</p>

        <h2>Firefox</h2>
        <p><a class="get" href="/cert/pem">Get mitmproxy-ca-cert.pem</a></p>
        <p>Settings → Privacy &amp; Security → View Certificates → Authorities → Import, and tick “Trust this CA to identify
        websites”. Firefox keeps a list of its own, apart from the system's.</p>

        <h2>Chrome, Chromium</h2>
        <p>On Linux: Settings → Privacy and security → Security → Manage certificates → Authorities → Import. On macOS and
        Windows it follows the system.</p>

        <h2>Windows</h2>
        <p><a class="get" href="/cert/p12">Get mitmproxy-ca-cert.p12</a></p>
        <p>Open the file, choose “Current User”, leave the password empty, and put the certificate into “Trusted Root
        Certification Authorities”. Or: <code>certutil -user -addstore root mitmproxy-ca-cert.cer</code></p>

        <h2>macOS</h2>
        <p><a class="get" href="/cert/pem">Get mitmproxy-ca-cert.pem</a></p>
        <pre>sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain mitmproxy-ca-cert.pem</pre>

        <h2>iOS</h2>
        <p><a class="get" href="/cert/pem">Get mitmproxy-ca-cert.pem</a></p>
        <p>Install the profile in Settings, then switch it on under General → About → Certificate Trust Settings.</p>

        <h2>Android</h2>
        <p><a class="get" href="/cert/cer">Get mitmproxy-ca-cert.cer</a></p>
        <p>Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate. Apps that bring rules
        of their own go on refusing it.</p>

        <h2>Anything else</h2>
        <p><a class="get" href="/cert/pem">PEM</a> <a class="get" href="/cert/cer">CER</a>
        <a class="get" href="/cert/p12">PKCS #12</a></p>

        <p><strong>Remove it again when the course is over.</strong> Whoever has this machine's key can read the HTTPS traffic
        of everyone who trusts the certificate. Other users of this proxy software cannot: every installation makes a key
        of its own.</p>
        </body></html>

        """
    }
}
