/// What `lab explain` says of the parts of a lab that are no step kind.
package enum ExplainTopics {
    package static let all: [(name: String, text: String)] = [("lab", lab), ("steps", steps), ("world", world)]

    private static let lab = """
        lab: what a lab file may have

          format: 1            the version of this notation, required
          lab: NAME            the lab's name in reports and run folders, required
          title: TEXT          what people read, required
          credit: run          what earns points: `run` (the run itself) or `hands-on` (only what the student did)
          world: FILE          the emulated internet, in or below the lab's folder; or inline
          at: HOST             the host of every step that names none
          vars:                names that `$` may stand before
            site: www.example.test
            port: { default: 9000, type: port }
            token: { pick: token }              drawn from the student's seed: token, port, number
          steps:               in the order in which they are performed, required
          - section: TITLE     begins a new section

        `lab explain steps` and `lab explain world` tell of the rest; `lab explain` lists the step kinds.

        """

    private static let steps = """
        steps: what every step may have, besides the one key that names its kind

          id: NAME             stable in reports, references (`$id`) and evidence folders
          title, task, explain what people read; explain is Markdown
          at: HOST             where it is performed
          by-hand:             what one would type, by tool
            curl: curl https://$site/
          expect:              each line must hold on one row of one table
            page: lab.http.code == 200 and lab.http.body contains $token
            chain: { is: lab.tls.root.sha256 == $mitm.ca.sha256, points: 3 }
          forbid:              must hold on no row; counts only beside a control that did see the same thing
            page: { is: lab.http.body contains $token, control: browse.page }
          points: 5            shared by the checks that have none of their own; each has one without it
          hint:                what helps, in the order in which it is given
          - Who issued the certificate?
          - { text: Nobody it trusts., costs: 1 }
          needs: [ID, …]       earlier steps that it builds on, besides those that it refers to
          optional: true       no points; not offered where what it needs is absent

        A `$name` is a variable, a fact of the world (`$world.r3.address`, `$world.roots.sha256`) or a result of an earlier
        step (`$mitm`, `$mitm.ca.sha256`). Names that nobody declared stay as they are, such as `$PWD`.

        """

    private static let world = """
        world: what a world may have

          format: 1
          world: NAME
          networks:            a subnet behind a router
            home: { prefix: 198.51.100.0/24, prefix6: "2001:db8:100::/64", router: r1 }
          routers: [r1, r2]    or a mapping: `r3: { silent: true }`
          links:
          - { between: [r1, r2], delay: 1ms }
          hosts:
            laptop: { network: home, address: 198.51.100.10, address6: "2001:db8:100::10" }
            printer: { network: home, address: 198.51.100.20, virtual: true }   only answers pings
            ghost: { network: home, address: 198.51.100.21, down: true }        answers nothing
          resolver: 198.51.100.53
          names:
            www.example.test: www
            ipv6.example.test: { host: www, family: ipv6 }
          sites:
            www.example.test:
              host: www
              tls: true
              pages:
                /: { type: text/html, body: "…", coding: gzip, chunked: true, status: 200 }
            mitm.it: { host: www, kind: mitm.it }
          services:
          - { name: time, host: www, port: 7777, greeting: "hello" }

        """
}
