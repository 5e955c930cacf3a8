import LabModel
import LabSteps
import SupportDiagnostics
import Testing

@Suite("Variables in a world")
struct WorldVariableTests {
    private static let world = """
        networks:
          home: { prefix: $block, router: $first }
          far: { router: last }
        routers: { $first: , last: { silent: $quiet, rate-limit: { every: 1s, burst: $burst } } }
        links:
        - { between: [$first, last], delay: $delay, loss: "$share%", mtu: $mtu }
        hosts:
          laptop: { network: home }
          server: { network: far, virtual: true }
        names: { $site: server, www.example.test: laptop }
        services: [{ name: time, host: laptop, port: $port, greeting: "it is $mtu past $share" }]
        sites:
          www.example.test: { host: laptop, pages: { /: { body: "$secret and $mtu" } } }
        """
    private static let variables = """
        vars:
          block: 203.0.113.32/27
          first: edge
          quiet: true
          burst: 3
          delay: 4ms
          share: { pick: number, min: 16, max: 24 }
          mtu: { default: 1400 }
          port: { default: 7777, type: port }
          site: shop.example.test
          secret: { pick: token, secret: true }
        """

    private func load(
        _ world: String = world, variables: String = variables, settings: LabSettings = LabSettings()
    ) -> LoadedLab {
        let lab = """
            format: 1
            lab: small
            title: A small lab
            world: world.yml
            at: laptop
            \(variables)
            steps:
            - id: there
              title: Reach the server
              ping: { to: $world.server.address }
              expect:
                answered: lab.probe.addr == $world.server.address
            """
        let files = ["lab.yml": lab, "world.yml": world]
        return LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
            readFile: { files[$0].map { Array($0.utf8) } }, examineWorld: { WorldExamination.problems(of: $0) }
        ).load("lab.yml", settings: settings)
    }

    @Test("they stand for values of every type, and for names")
    func filled() throws {
        let loaded = load(settings: LabSettings(student: "ada"))
        #expect(loaded.problems.map { "\($0.code): \($0.message)" } == [])
        let world = try #require(loaded.lab?.world)
        #expect(world.networks.map(\.prefix) == ["203.0.113.32/27", "198.19.1.0/24"])
        #expect(world.routers.map(\.name) == ["edge", "last"])
        #expect(world.routers.map(\.isSilent) == [false, true])
        #expect(world.names.map(\.name) == ["shop.example.test", "www.example.test"])
        #expect(world.host("laptop")?.address == "203.0.113.42")
        let share = try #require(loaded.references["share"]?.text)
        #expect(world.services.map(\.greeting) == ["it is 1400 past \(share)"])
        #expect(world.services.map(\.port) == [7777])
        #expect(world.links.map(\.delay) == [4_000_000])
    }

    @Test("the body of a page keeps its names, also those of secrets")
    func bodies() throws {
        let page = try #require(load().lab?.world?.sites.first?.pages.first)
        #expect(page.body.references == ["secret", "mtu"])
    }

    @Test("another student has another world, and --set gives a third")
    func students() throws {
        func greeting(_ settings: LabSettings) throws -> String {
            try #require(load(settings: settings).lab?.world?.services.first?.greeting)
        }
        let drawn = try Set((0..<20).map { try greeting(LabSettings(seed: UInt64($0))) })
        #expect(drawn.count > 1)
        #expect(try greeting(LabSettings(overrides: ["share": "16", "mtu": "1300"])) == "it is 1300 past 16")
    }

    @Test("an unknown name, a secret and an unreadable variable are each told once, and nothing that follows from them")
    func problems() {
        let unknown = load(Self.world.replacing("mtu: $mtu", with: "mtu: $mut"))
        #expect(unknown.problems.map(\.code) == ["reference.unknown-name"])
        #expect(unknown.problems.first?.primary?.span.text == "$mut")
        #expect(unknown.problems.first?.primary?.text == "did you mean `$mtu`?")
        let address = load(Self.world.replacing("prefix: $block", with: "prefix: $world.laptop.address"))
        #expect(address.problems.map(\.code) == ["reference.unknown-name"])
        let secret = load(Self.world.replacing("past $share", with: "past $secret"))
        #expect(secret.problems.map(\.code) == ["world.secret"])
        let unreadable = load(variables: Self.variables.replacing("{ default: 1400 }", with: "{ pick: die }"))
        #expect(unreadable.problems.map(\.code) == ["field.choice"])
    }

    @Test("a value that the world cannot have is told where its name stands")
    func wrongValue() {
        let loaded = load(settings: LabSettings(overrides: ["mtu": "20"]))
        #expect(loaded.problems.map(\.code) == ["field.range"])
        #expect(loaded.problems.first?.primary?.span.text == "$mtu")
    }
}
