import EngineWeb
import LabModel
import SupportCrypto
import SupportLinux
import SupportTransport

/// The web sites and services of one host, served by its agent until the world ends.
enum SiteHosting {
    /// - Parameter onVisit: called for each line of the sites' log, before the visitor has its response.
    static func serve(
        _ plan: SitePlan, resources: HostResources, onVisit: @escaping @Sendable (Value) -> Void
    ) async throws -> StepOutcome {
        let sites = try plan.sites.map(site)
        var listeners: [WebListener] = []
        // One socket takes both families where the kernel has IPv6.
        let address = Files.exists("/proc/self/net/if_inet6") ? "::" : "0.0.0.0"
        listeners.append(WebListener(address: address, port: 80, kind: .plain))
        if sites.contains(where: { $0.identity != nil }) {
            listeners.append(WebListener(address: address, port: 443, kind: .tls))
        }
        if !sites.isEmpty {
            let server = try await WebServer.start(WebServerConfiguration(listeners: listeners, sites: sites)) {
                event in
                if case .request(let record) = event, let visit = try? visit(record) { onVisit(visit) }
            }
            resources.keep(server, for: "sites")
        }
        for service in plan.services {
            guard let port = UInt16(exactly: service.port) else { continue }
            let running = try await TCPService.start(address: "0.0.0.0", port: port, greeting: service.greeting)
            resources.keep(running, for: "service \(service.name)")
        }
        return StepOutcome()
    }

    private static func site(_ site: SitePlan.Site) throws -> WebSite {
        let identity = try identity(of: site)
        guard !site.isOnboarding else { return WebSite.mitm(names: [site.name], identity: identity) }
        var pages: [String: WebPage] = [:]
        for page in site.pages {
            pages[page.path] = WebPage(
                page.body, status: page.status, contentType: page.type, isCompressed: page.coding == "gzip",
                isChunked: page.isChunked)
        }
        return WebSite(names: [site.name], identity: identity, pages: pages)
    }

    private static func identity(of site: SitePlan.Site) throws -> ServerIdentity? {
        guard let chain = site.certificateChain, let key = site.privateKey else { return nil }
        let certificates = CertificateBundle(pem: Array(chain.utf8)).certificates
        guard let leaf = certificates.first else { return nil }
        return ServerIdentity(
            certificate: leaf, privateKey: try PrivateKey(pem: Array(key.utf8)),
            intermediates: Array(certificates.dropFirst()))
    }

    private static func visit(_ record: WebRequestRecord) throws -> Value {
        let visit = SiteVisit(
            time: record.time, site: record.host, host: record.host, clientAddress: record.client.address,
            method: record.method, path: record.path, version: record.version, status: record.status,
            userAgent: record.userAgent, sni: record.tls?.serverName, clientRandom: record.tls?.clientRandom)
        return try JSON.decode(Value.self, from: try JSON.encode(visit))
    }
}
