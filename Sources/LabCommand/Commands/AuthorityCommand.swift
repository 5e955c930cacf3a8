import ArgumentParser
import Glibc
import LabModel
import SupportCrypto
import SupportLinux

struct AuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca", abstract: "The certificate authority that the proxy signs with.",
        subcommands: [CreateAuthority.self, ShowAuthority.self, IssueCertificate.self, ExportAuthority.self])
}

/// Where the authority's key and certificate lie.
struct AuthorityOption: ParsableArguments {
    @Option(help: "The folder of the authority, with mitmproxy's file names.")
    var confdir = (OwnProcess.environment()["HOME"] ?? ".") + "/.mitmproxy"

    func load() throws -> CertificateAuthority {
        do { return try CertificateAuthority.load(from: AuthorityFolder(confdir)) } catch {
            Standard.error("lab: \(error)\n  what to do: `lab ca create --confdir \(confdir)` makes an authority\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}

struct CreateAuthority: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes an authority, unless there is one.")
    @OptionGroup var authority: AuthorityOption

    func run() throws {
        do {
            let created = try CertificateAuthority.loadOrCreate(
                in: AuthorityFolder(authority.confdir), now: Int64(clamping: Clocks.realtime()))
            Standard.output(CertificateText.render(created.certificate))
        } catch {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}

struct ShowAuthority: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints a certificate as a person reads it.")
    @Argument(help: "A certificate file, PEM; without one, the authority's own.") var file: String?
    @OptionGroup var authority: AuthorityOption

    func run() throws {
        guard let file else { return Standard.output(CertificateText.render(try authority.load().certificate)) }
        do {
            Standard.output(CertificateText.render(try Certificate(pem: try Files.read(file), source: file)))
        } catch {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}

struct IssueCertificate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issues a certificate for names and addresses.")
    @Argument(help: "DNS names and IP addresses.") var names: [String]
    @Option(help: "The file for chain and key, PEM, made with mode 0600.") var out: String
    @Option(help: "How many days it is valid.") var days = 30
    @OptionGroup var authority: AuthorityOption

    func run() throws {
        let issuer = try authority.load()
        do {
            let identity = try issuer.issue(
                for: names.map(SubjectAlternativeName.init), now: Int64(clamping: Clocks.realtime()), days: days)
            let chain = ([identity.certificate] + identity.intermediates).flatMap { $0.pem }
            try Files.writeAtomically(try identity.privateKey.pem() + chain, to: out, mode: 0o600)
            Standard.output(CertificateText.render(identity.certificate))
        } catch {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}

struct ExportAuthority: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints the authority's certificate, without its key.")
    @Option(help: "pem or der.") var form = Form.pem
    @OptionGroup var authority: AuthorityOption

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case pem
        case der
    }

    func run() throws {
        let certificate = try authority.load().certificate
        Standard.write(form == .pem ? certificate.pem : certificate.der, to: STDOUT_FILENO)
    }
}
