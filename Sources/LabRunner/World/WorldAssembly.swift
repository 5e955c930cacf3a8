import EngineNetwork
import LabModel
import LabSteps
import LabWorld
import SupportCrypto
import SupportLinux

/// A lab's world, ready to be built: the network, the files of its hosts, and what its sites will say.
struct WorldAssembly {
    var plan: WorldPlan
    /// By host, only hosts with something to serve.
    var sites: [String: SitePlan]
    /// The root that every host of the world trusts from the start.
    var root: Certificate

    static let bundle = "/etc/ssl/certs/ca-certificates.crt"
    /// Names come from the world's own files and resolver; no daemon of the machine is asked.
    private static let nameServices =
        "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"
    static let localCertificates = "/usr/local/share/ca-certificates"

    /// - Parameters:
    ///   - references: values for the bodies of pages and greetings.
    ///   - now: nanoseconds since 1970, for certificates.
    init(
        _ world: WorldDefinition, references: [String: Value], seed: UInt64, programUser: Launch.User, now: Int64
    ) throws {
        let topology = try TopologyAssembly.topology(of: world)
        let authority = try CertificateAuthority.create(
            subject: DistinguishedName(commonName: "Example Public Root", organization: "Example Trust Network"),
            now: now, days: 30)
        root = authority.certificate
        let resolver = world.resolver.isEmpty ? "" : "nameserver \(world.resolver)\noptions timeout:2 attempts:2\n"
        let hosts = world.hosts.filter { !$0.isVirtual }.map { host in
            HostPlan(
                name: host.name,
                directories: [
                    PlannedDirectory("/etc/ssl/certs", owner: .program),
                    PlannedDirectory(Self.localCertificates, owner: .program),
                ],
                files: [
                    PlannedFile(Self.bundle, contents: authority.certificate.pem, owner: .program),
                    PlannedFile("/etc/resolv.conf", text: resolver),
                    PlannedFile("/etc/hosts", text: "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 \(host.name)\n"),
                    PlannedFile("/etc/nsswitch.conf", text: Self.nameServices),
                ])
        }
        plan = WorldPlan(topology: topology, seed: seed, hosts: hosts, programUser: programUser)
        sites = [:]
        for host in world.hosts where !host.isVirtual {
            let sitePlan = try Self.sites(on: host.name, of: world, authority, references: references, now: now)
            if !sitePlan.isEmpty { sites[host.name] = sitePlan }
        }
    }

    private static func sites(
        on host: String, of world: WorldDefinition, _ authority: CertificateAuthority, references: [String: Value],
        now: Int64
    ) throws -> SitePlan {
        let sites = try world.sites.filter { $0.host == host }.map { site in
            let identity = site.hasTLS ? try authority.issue(for: [.dns(site.name)], now: now, days: 20) : nil
            let chain = try identity.map { identity in
                (
                    ([identity.certificate] + identity.intermediates).flatMap(\.pem), try identity.privateKey.pem()
                )
            }
            return SitePlan.Site(
                name: site.name, isOnboarding: site.isOnboarding,
                pages: site.pages.map { page in
                    SitePlan.Page(
                        path: page.path, status: page.status, type: page.type, body: page.body.rendered(references),
                        coding: page.coding, isChunked: page.isChunked)
                },
                certificateChain: chain.map { String(decoding: $0.0, as: UTF8.self) },
                privateKey: chain.map { String(decoding: $0.1, as: UTF8.self) })
        }
        let services = world.services.filter { $0.host == host }.map {
            SitePlan.Service(name: $0.name, port: $0.port, greeting: $0.greeting)
        }
        return SitePlan(sites: sites, services: services)
    }
}
