import LabModel

/// Guides of the kinds that change the network itself.
extension StepGuide {
    static let link = StepGuide(
        why: """
            Networks are best understood when something breaks. `link` takes a link of the world down, or up again, between
            two steps: routes follow at once, and what a student sees is what a cut cable looks like from where they stand:
            another way, a router's complaint, or silence. Changes at a time of their own, without a step, are `changes` in
            the world's file.
            """,
        example: """
            - id: cut
              title: The line behind r2 is cut
              link: r2-r3 down
              expect:
                down: lab.link.name == "r2-r3" and lab.link.state == "down"

            - id: lost
              title: Ping the web site across the cut
              needs: [cut]
              ping: { to: $world.www.address, count: 1 }
              expect:
                nothing: lab.ping.sent == 1 and lab.ping.received == 0
                complaint: icmp.type == 3 and ip.dst == $world.laptop.address

            - id: mended
              title: The line is mended
              needs: [cut]
              link: r2-r3 up

            - id: found
              title: Ping the web site again
              needs: [mended]
              ping: { to: $world.www.address, count: 1 }
              expect:
                there: lab.ping.received == 1

            """,
        pitfalls: [
            Pitfall(
                "The link's ends are no neighbours, or are misspelled.", .lint("world.unknown-link"),
                "Name the two ends of one of the world's `links`, in either order: `r2-r3 down`."),
            Pitfall(
                "What becomes of the link is left away, or is neither `up` nor `down`.", .lint("field.type"),
                "Write both: `link: r2-r3 down`."),
            Pitfall(
                "The link stays down for the steps behind it.", .failed,
                "Take it up again in a step of its own, which should need nothing that the cut may break."),
        ])
}
