import LabWorld
import SupportLinux
import Testing

@Suite("This machine in place of a world")
struct RealMachineTests {
    @Test("an agent runs without a world around it, and ends with the machine")
    func agent() async throws {
        let machine = try RealMachine(executable: ProbeProgram.path)
        let agent = try await machine.startAgent(on: "laptop", environment: nil)
        try await agent.channel.send(Array("what now".utf8))
        #expect(await agent.channel.receive().map { String(decoding: $0.bytes, as: UTF8.self) } == "what?")
        await machine.stop()
        #expect(await agent.channel.receive() == nil)
        #expect(await agent.process.exitStatus() != nil)
        await #expect(throws: WorldError.ended(nil)) {
            try await machine.spawn(ProgramPlan(["true"], environment: ProbeProgram.environment), on: "laptop")
        }
    }

    @Test("pid 1 of a world is not to be started by hand")
    func byHand() async throws {
        let result = try await ProbeProgram.run([ProbeProgram.path, WorldProcess.argument])
        #expect(result.status == .exited(64) && result.errorText.contains("started by lab itself"))
    }
}
