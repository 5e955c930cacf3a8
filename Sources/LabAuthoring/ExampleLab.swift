/// The small lab within which examples are linted and run, and which `lab new` begins with.
package enum ExampleLab {
    /// The variables that examples may refer to.
    package static let variables = """
        vars:
          site: www.example.test
          port: { default: 9000, type: port }
          token: { pick: token }

        """

    /// A lab around items of `steps`, with the world in `world.yml` beside it.
    package static func around(_ steps: String, name: String = "example") -> String {
        """
        format: 1
        lab: \(name)
        title: An example
        world: world.yml
        at: laptop

        """ + variables + "steps:\n" + steps
    }

    /// A laptop, a printer and a web site, three routers apart.
    package static let world = """
        # A small internet: a laptop and a printer at home, three routers, a host with a web site.
        # Addresses are those reserved for documentation (RFC 5737, RFC 3849).
        format: 1
        world: example
        title: A home and a web site

        networks:
          home:    { prefix: 198.51.100.0/24, prefix6: "2001:db8:100::/64", router: r1 }
          hosting: { prefix: 203.0.113.0/24,  prefix6: "2001:db8:113::/64", router: r3 }

        routers: [r1, r2, r3]

        links:
        - { between: [r1, r2], delay: 1ms }
        - { between: [r2, r3], delay: 2ms }

        hosts:
          laptop:  { network: home,    address: 198.51.100.10, address6: "2001:db8:100::10" }
          printer: { network: home,    address: 198.51.100.20, virtual: true }
          ghost:   { network: home,    address: 198.51.100.21, down: true }
          www:     { network: hosting, address: 203.0.113.80,  address6: "2001:db8:113::80" }

        resolver: 198.51.100.53

        names:
          www.example.test: { host: www, family: ipv4 }
          ipv6.example.test: { host: www, family: ipv6 }
          time.example.test: { host: www, family: ipv4 }
          printer.example.test: printer
          ghost.example.test: ghost

        sites:
          www.example.test:
            host: www
            tls: true
            pages:
              /:
                type: text/html
                body: |
                  <!doctype html><title>Example shop</title>
                  <p>Your order number is $token.</p>

        services:
        - { name: time, host: www, port: 7777, greeting: "the example time service is pleased to answer" }

        """
}
