import EngineWeb
import Foundation
import Glibc
import LabTestSupport
import SupportCrypto
import SupportTransport
import Testing

@Suite(
    "Web client against nginx",
    .enabled(if: RealTool.exists("nginx") && RealTool.exists("bash"), "nginx is not installed"))
struct WebClientNginxTests {
    @Test("both versions of HTTP over both versions of TLS", arguments: ["TLSv1.2", "TLSv1.3"])
    func versions(protocols: String) async throws {
        let folder = TemporaryFolder()
        let address = LoopbackAddress.own
        let port = protocols == "TLSv1.2" ? 4432 : 4433
        let authority = try CertificateAuthority.create(
            subject: DistinguishedName(commonName: "nginx Root"), now: TestWeb.now, days: 9000)
        let middle = try authority.issueAuthority(
            subject: DistinguishedName(commonName: "nginx Intermediate"), now: TestWeb.now, days: 9000)
        let site = try middle.issue(for: [.init(host: address)], now: TestWeb.now, days: 9000)
        folder.write(site.certificate.pem + site.intermediates.flatMap(\.pem), to: "site.pem")
        folder.write(try site.privateKey.pem(), to: "site.key")
        let user = getuid() == 0 ? "user root;" : ""
        let path = folder.path
        let configuration = """
            \(user) worker_processes 1; pid \(path)/pid; error_log \(path)/error.log;
            events { worker_connections 64; }
            http {
              access_log off; client_body_temp_path \(path)/b; proxy_temp_path \(path)/p; fastcgi_temp_path \(path)/f;
              uwsgi_temp_path \(path)/u; scgi_temp_path \(path)/s;
              gzip on; gzip_min_length 1; gzip_types text/plain;
              server {
                listen \(address):\(port) ssl http2; ssl_protocols \(protocols);
                ssl_certificate \(path)/site.pem; ssl_certificate_key \(path)/site.key;
                default_type text/plain;
                location / { return 200 "hello from nginx over $server_protocol\\n"; }
              }
            }
            """
        let file = folder.write(Array(configuration.utf8), to: "nginx.conf")
        let nginx = try #require(RealTool("nginx"))
        let bash = try #require(RealTool("bash"))
        // nginx listens before it goes into the background, so that nothing has to be waited for. It must not keep the
        // descriptors by which Foundation learns that a child has ended.
        let script = """
            for entry in /proc/$$/fd/*; do n=${entry##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done
            exec \(nginx.path) -c \(file) -p \(path) -e \(path)/error.log
            """
        let started = try await bash.run(["-c", script])
        try #require(started.status == 0, "\(started.errors)")
        for version in [WebRequest.Version.http11, .http2] {
            var request = WebRequest.unhurried("https://\(address):\(port)/")
            request.trust = .init(files: [], roots: [authority.certificate])
            request.version = version
            let exchange = await WebClient().exchange(request)
            #expect(exchange.failure == nil)
            #expect(exchange.tls?.version == protocols && exchange.tls?.presentedChain.count == 2)
            #expect(exchange.tls?.verifiedChain.count == 3)
            let number = version == .http2 ? "2.0" : "1.1"
            #expect(exchange.response?.body == Array("hello from nginx over HTTP/\(number)\n".utf8))
            #expect(exchange.response?.field("content-encoding") == "gzip")
        }
        let stopped = try await nginx.run(["-c", file, "-p", path, "-e", path + "/error.log", "-s", "quit"])
        #expect(stopped.status == 0)
    }
}
