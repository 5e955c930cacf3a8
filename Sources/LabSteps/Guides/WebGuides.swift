import LabModel

/// Guides of the kinds around web pages and proxies.
extension StepGuide {
    static let request = StepGuide(
        why: """
            `request` is the browser of a lab that needs no browser: it obeys the proxy setting and the trust store of
            its host, and tells everything about the exchange: status, body, certificates, TLS parameters, and in one
            stable word why there is no answer. Use it wherever a step is "open this page".
            """,
        example: """
            - id: page
              title: Visit $site
              task: Open https://$site/ and read the order number.
              request: https://$site/
              by-hand:
                curl: curl https://$site/
              expect:
                number: lab.http.code == 200 and lab.http.body contains $token
                real: lab.tls.root.sha256 == $world.roots.sha256

            """,
        pitfalls: [
            Pitfall(
                "The URL stands unquoted within `{ … }` and holds a `,` or a `#`.", .lint("field.unknown"),
                "Put it in quotes: `{ url: \"https://$site/a,b\" }`."),
            Pitfall(
                "The certificate is not trusted: there is no response, and `lab.http.error` is `certificate-untrusted`.",
                .failed, "Install the authority with `trust` first, or make the refusal what the lab expects."),
            Pitfall(
                "A proxy was set for the host, and the page is meant to come directly.", .failed,
                "`via: none` goes straight to the site, whatever the setting says."),
            Pitfall(
                "Two facts of one page are checked in two lines, and two pages answer them.", .misjudged,
                "Join them with `and`: `lab.http.path == \"/\" and lab.http.body contains $token`."),
            Pitfall(
                "`version: \"2\"` is offered without TLS.", .failed,
                "HTTP/2 is agreed within TLS; use an https URL."),
        ])

    static let proxy = StepGuide(
        why: """
            The intercepting proxy runs as a student would run it: a program on a terminal of its own, with a certificate
            authority that it makes on its first start. Its flows and handshakes become evidence for every later step,
            and its results name what others need: its endpoint, its authority's fingerprint, its key log.
            """,
        example: """
            - id: mitm
              title: Start the proxy on port $port
              proxy: { listen: $port, keylog: sslkeylogfile.txt }
              by-hand:
                lab: lab proxy --listen-port $port
              expect:
                listening: lab.listen.port == $port and lab.listen.open == true
                keylog: lab.file.name == "sslkeylogfile.txt" and lab.file.mode == 0600

            - id: visit
              title: Ask the proxy for its own page
              request: { url: http://mitm.it/, via: $mitm }
              expect:
                answered: lab.http.code == 200 and lab.http.proxy == $mitm
                flow: lab.flow.host == "mitm.it" and lab.flow.proxy == "mitm"

            """,
        pitfalls: [
            Pitfall(
                "Another program uses the port already.", .failed,
                "Inside a world that is a step of the same lab: `stop` it first, or take another port."),
            Pitfall(
                "The proxy listens on 127.0.0.1, and another host is to use it.", .failed,
                "Give `address: $world.relay.address` where other hosts connect."),
            Pitfall(
                "`keylog` is a path.", .inconclusive, "It is a bare file name; `$id.keylog` is the path for others."),
            Pitfall(
                "`keylog` is decided on when the proxy starts.", .failed,
                "Connections made before it was set cannot be opened: stop the proxy and start another."),
        ])

    static let systemProxy = StepGuide(
        why: """
            On Linux the system's proxy setting is environment variables, and only programs that read them obey. This
            kind sets them for all later steps of the host, so that the lab can show who follows the wish and who does
            not: a browser does, `ping` does not.
            """,
        example: """
            - id: mitm
              title: Start the proxy on port $port
              proxy: { listen: $port }

            - id: setting
              title: Point the system at the proxy
              system-proxy: { http: $mitm, https: $mitm }
              by-hand:
                shell: export http_proxy=http://127.0.0.1:$port https_proxy=http://127.0.0.1:$port
              expect:
                http: lab.setting.name == "http_proxy" and lab.setting.value contains $mitm
                https: lab.setting.name == "https_proxy" and lab.setting.present == true

            """,
        pitfalls: [
            Pitfall(
                "The proxy has been stopped, and the setting still points at it.", .failed,
                "Set `{ http: none, https: none }` when the proxy ends, or give later requests `via: none`."),
            Pitfall(
                "A value of the setting is compared as a whole.", .failed,
                "The variable holds `http://HOST:PORT`; ask with `contains $mitm`."),
            Pitfall(
                "Only `http` is set, and pages are https.", .failed,
                "The two are independent: set both for the usual case."),
        ])

    static let trust = StepGuide(
        why: """
            Trust is a file. `trust` puts a root into the store that the clients of its host read, or takes it out, as
            `update-ca-certificates` does; every host has a store of its own, and the machine's is never touched.
            """,
        example: """
            - id: mitm
              title: Start the proxy on port $port
              proxy: { listen: $port }

            - id: fetch
              title: Download the proxy's certificate
              request: { url: http://mitm.it/cert/pem, via: $mitm, save: ca.pem }

            - id: trust
              title: Trust the proxy's certificate
              trust: { install: $fetch.file }
              by-hand:
                lab: lab trust install ca.pem
              expect:
                installed: lab.trust.installed == true and lab.trust.sha256 == $mitm.ca.sha256

            - id: browse
              title: Browse through the proxy
              request: { url: "https://$site/", via: $mitm }
              expect:
                chain: lab.http.body contains $token and lab.tls.root.sha256 == $mitm.ca.sha256

            """,
        pitfalls: [
            Pitfall(
                "The file is no certificate, because the download was an error page.", .failed,
                "Check the download in its own step: `lab.http.content_type contains \"x509\"`."),
            Pitfall(
                "A leaf certificate is installed instead of the authority's.", .failed,
                "Ask for `lab.certificate.ca == true`; a leaf signs nothing."),
            Pitfall(
                "The file is named by a path of the machine.", .inconclusive,
                "Only files of the run can be installed: `$step.file` of the step that saved it."),
        ])
}
