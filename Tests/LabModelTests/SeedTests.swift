import LabModel
import Testing

@Suite struct SeedTests {
    @Test("the same student gets the same values in the same lab, and others in another")
    func perStudent() {
        let first = Seed(student: "ada", lab: "week2")
        #expect(first == Seed(student: "ada", lab: "week2"))
        #expect(first != Seed(student: "ada", lab: "week3"))
        #expect(first != Seed(student: "bob", lab: "week2"))
    }

    @Test("a draw depends on its name alone, not on the draws before it")
    func independentDraws() {
        let seed = Seed(7)
        let token = seed.pick(.token(length: 10), for: "token")
        _ = seed.pick(.port(Generator.ports), for: "port")
        #expect(seed.pick(.token(length: 10), for: "token") == token)
        #expect(seed.pick(.token(length: 10), for: "other") != token)
    }

    @Test("ports are free of privileges and of the system's own range", arguments: 0..<200)
    func portRange(number: UInt64) throws {
        let port = try #require(Seed(number).pick(.port(Generator.ports), for: "port").int)
        #expect((20_000..<30_000).contains(port))
    }
}
