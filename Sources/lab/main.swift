import LabCommand

LabProgram.probe(CommandLine.argc, CommandLine.unsafeArgv)
// Before the first suspension there is one thread, which is what a world's first process needs.
LabProgram.serveWorld(CommandLine.arguments)
await LabProgram.main(CommandLine.arguments)
