import FuzzTargets
import Foundation

// fuzz TARGET [options of libFuzzer] [corpus folders] · fuzz --dictionary TARGET · fuzz --longest TARGET · fuzz --targets

/// libFuzzer, linked without its own `main`.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer's own changes, its dictionaries among them.
@_silgen_name("LLVMFuzzerMutate")
func defaultMutate(_ bytes: UnsafeMutablePointer<UInt8>, _ size: Int, _ room: Int) -> Int

/// Called by libFuzzer for each change: half of them are the target's own, where it knows any.
@_cdecl("LLVMFuzzerCustomMutator")
func customMutate(_ bytes: UnsafeMutablePointer<UInt8>, _ size: Int, _ room: Int, _ seed: UInt32) -> Int {
    guard seed & 1 == 1 else { return defaultMutate(bytes, size, room) }
    var random = Mutations(seed: UInt64(seed))
    let input = Array(UnsafeBufferPointer(start: bytes, count: size))
    guard let changed = target.change(input, &random), !changed.isEmpty, changed.count <= room else {
        return defaultMutate(bytes, size, room)
    }
    for (index, byte) in changed.enumerated() { bytes[index] = byte }
    return changed.count
}

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(64)
}

/// Processes that libFuzzer starts to merge a corpus do not get the target's name as an argument.
let variable = "LAB_FUZZ_TARGET"
var words = CommandLine.arguments
if let name = ProcessInfo.processInfo.environment[variable], words.dropFirst().first?.hasPrefix("-") ?? true {
    words.insert(name, at: 1)
}
if words.contains("--targets") {
    print(FuzzTargets.all.map(\.name).joined(separator: "\n"))
    exit(0)
}
let wantsDictionary = words.contains("--dictionary")
let wantsLongest = words.contains("--longest")
words.removeAll { $0 == "--dictionary" || $0 == "--longest" }
guard words.count > 1, let chosen = FuzzTargets.named(words[1]) else {
    fail("targets: " + FuzzTargets.all.map(\.name).joined(separator: ", "))
}
if wantsLongest {
    print(chosen.longestInput)
    exit(0)
}
if wantsDictionary {
    for word in chosen.words where !word.isEmpty {
        let escaped = word.map { byte -> String in
            let isPlain = byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + hex
        }.joined()
        print("\"\(escaped)\"")
    }
    exit(0)
}
let target = chosen
setenv(variable, words[1], 1)
words.remove(at: 1)
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = .allocate(capacity: words.count + 1)
for (index, word) in words.enumerated() { arguments?[index] = strdup(word) }
arguments?[words.count] = nil
var count = Int32(words.count)
exit(
    runDriver(&count, &arguments) { bytes, size in
        target.run(Array(UnsafeBufferPointer(start: bytes, count: size)))
        return 0
    })
