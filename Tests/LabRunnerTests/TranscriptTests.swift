import LabRunner
import Testing

@Suite struct TranscriptTests {
    @Test("a wait is over when what it waits for has come, in whatever pieces")
    func satisfied() async {
        let transcript = Transcript()
        async let found = transcript.wait(within: 1_200_000_000_000) {
            String(decoding: $0, as: UTF8.self).contains("yes,no")
        }
        transcript.append(Array("Quit (ye".utf8))
        transcript.append(Array("s,no)?".utf8))
        #expect(await found)
    }

    @Test("a wait is over when nothing more will come")
    func ended() async {
        let transcript = Transcript()
        async let found = transcript.wait(within: 1_200_000_000_000) { !$0.isEmpty }
        transcript.end()
        #expect(await found == false)
    }

    @Test("a wait ends with its task")
    func cancelled() async {
        let transcript = Transcript()
        let task = Task { await transcript.wait(within: 1_200_000_000_000) { !$0.isEmpty } }
        task.cancel()
        #expect(await task.value == false)
    }

    @Test("a program that prints without end fills no memory")
    func bounded() {
        let transcript = Transcript()
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<20 { transcript.append(piece) }
        #expect(transcript.count == Transcript.limit)
    }
}
