/// Problems of a world: its networks, routers, hosts, names and sites.
enum WorldCodes {
    static let all: [CodeExplanation] = [
        .init(
            "world.alias-with-host", "An alias with a host of its own",
            meaning: "A name is given both `alias` and `host`.",
            reason: "An alias (CNAME) takes everything from the other name, so the host would never be used.",
            advice: "Keep one of the two."),
        .init(
            "world.failing-name", "A failing name with an address",
            meaning: "A name has `fails` and, besides, a `host` or an `alias`.",
            reason: "The resolver answers with the failure alone, so the host or the other name would never be used.",
            advice: "Write broken.example.test: { fails: servfail }, or leave `fails` out."),
        .init(
            "world.unknown-name", "An alias that leads nowhere",
            meaning: "There is no name that `alias` leads to, or the aliases go round in a circle.",
            reason: "Whoever asked for the name would be sent on and never arrive.",
            advice: "Write a name that has a host, as the message lists them."),
        .init(
            "world.address-outside", "An address outside its network",
            meaning: "The host's address is none that its network has: another prefix, or the first or the last of it.",
            reason: "Packets for the host would be sent elsewhere.",
            advice: "Choose an address within the network's prefix."),
        .init(
            "world.bad-address", "Not an address",
            meaning: "The text is no IPv4 address, or no IPv6 address where one is expected.",
            reason: "The host could not be reached.",
            advice: "Write one such as 198.51.100.10 or 2001:db8::10."),
        .init(
            "world.bad-prefix", "Not a prefix",
            meaning: "A prefix is the first address of a network and its length, with room for a router and a host.",
            reason: "`198.51.100.1/24` names a host and not a network.",
            advice: "Write 198.51.100.0/24 or 2001:db8:1::/64."),
        .init(
            "world.duplicate-address", "An address that is taken",
            meaning: "Two hosts, or a host and a router, have the same address.",
            reason: "Packets would reach either.",
            advice: "Give each its own."),
        .init(
            "world.duplicate-name", "A name that is taken",
            meaning: "Two routers, or a host and a router, have the same name.",
            reason: "`$world.NAME.address` and the path of a traceroute could mean either.",
            advice: "Give each its own."),
        .init(
            "world.link-ends", "A link that has not two ends",
            meaning: "`between` names fewer or more than two routers.",
            reason: "A link joins two routers.",
            advice: "Write { between: [r1, r2], delay: 1ms }."),
        .init(
            "world.overlapping-networks", "Networks that share addresses",
            meaning: "The prefixes of two networks overlap.",
            reason: "A router could not say where a packet for such an address belongs.",
            advice: "Give each network a prefix of its own."),
        .init(
            "world.page-coding", "An unknown coding of a page",
            meaning: "`coding` of a page is a content coding that the web sites do not speak.",
            reason: "The page could not be served.",
            advice: "Write `gzip`, or leave it out."),
        .init(
            "world.page-path", "A path without a slash",
            meaning: "The key of a page is its path, and a path begins with `/`.",
            reason: "No request could ask for it.",
            advice: "Write /name."),
        .init(
            "world.site-kind", "An unknown kind of site",
            meaning: "`kind` of a site is none that has pages of its own.",
            reason: "The site would be empty.",
            advice: "Write `mitm.it`, or leave it out and list `pages`."),
        .init(
            "world.site-name", "A site that no name leads to",
            meaning: "The name of a site is not among `names`, or leads to another host than the site's.",
            reason: "A client that looks the name up would not find the site.",
            advice: "Add the name with the site's host, or correct it."),
        .init(
            "world.unknown-host", "A host that is not there",
            meaning: "The world has no host of this name.",
            reason: "A step, a site or a name would be nowhere.",
            advice: "Correct the name, or add the host to the world."),
        .init(
            "world.unknown-network", "A network that is not there",
            meaning: "A host is in a network that the world does not have.",
            reason: "The host would hang in the air.",
            advice: "Correct the name, or add the network."),
        .init(
            "world.unknown-router", "A router that is not there",
            meaning: "A link or a network names a router that the world does not have.",
            reason: "Packets would have no way.",
            advice: "Correct the name, or add it to `routers`."),
        .init(
            "world.unreachable", "A part of the world that nothing leads to",
            meaning: "No links lead from the first network to this one, or a router has neither links nor networks.",
            reason: "Hosts in it could not be reached, and the world would not come up.",
            advice: "Add the link that is missing. To take a router away during a lab, use a wrong run."),
        .init(
            "world.virtual-host", "A host that runs nothing",
            meaning:
                "A host with `virtual: true` or `down: true` lives in the emulation alone: it can be pinged at most.",
            reason: "A step or a web site needs a host in which programs run.",
            advice: "Choose another host, or remove `virtual`."),
        .init(
            "world.change", "A change of nothing, or of two things",
            meaning: "An item of `changes` names a link or a host, and not both.",
            reason: "Nobody could say what becomes of it.",
            advice: "Write { at: 5s, link: r3-r4, state: down }."),
        .init(
            "world.full-network", "A network without room",
            meaning: "A host without an address of its own is given the next free one, and there is none.",
            reason: "The host could not be reached.",
            advice: "Give the network a shorter prefix, or some hosts addresses."),
        .init(
            "world.host-links", "A host with several links",
            meaning: "A host has one link: the cable to its network, or the one that `links` describes.",
            reason: "Programs on it could not tell where their packets go.",
            advice: "Remove a link, or put a router there."),
        .init(
            "world.loop", "Packets go round",
            meaning: "Routes by hand send packets for a host back to a router that they came from.",
            reason: "Each would be passed on until its TTL is used up; the host would never be reached.",
            advice: "Correct the route; where the loop is what the lab shows, write `may-loop: true` beside it."),
        .init(
            "world.loss", "A loss that is told in halves",
            meaning: "Loss in bursts is told by `mean` and `burst`, or by `enter` and `leave` of the bad state.",
            reason: "One of a pair alone decides nothing.",
            advice: "Write { mean: 2%, burst: 5 }, or a share alone: `loss: 2%`."),
        .init(
            "world.mtu", "An MTU that IPv6 does not allow",
            meaning: "A world with IPv6 has a link that passes less than 1280 bytes.",
            reason: "IPv6 counts on 1280 bytes everywhere (RFC 8200, section 5); connections over it would hang.",
            advice: "Raise the MTU, or leave `prefix6` out."),
        .init(
            "world.rate", "An impossible rate or queue",
            meaning: "A rate is a number with a unit such as `10Mbit/s`; a queue has room for a packet at least.",
            reason: "Nothing would pass, or nobody could tell how much.",
            advice: "Write `rate: 10Mbit/s` and `queue: 64KiB`."),
        .init(
            "world.route", "A route that leads nowhere",
            meaning: "A route has one of `via`, `discard` and `refuse`; `via` names a neighbour of the router.",
            reason: "Packets cannot be handed to a node at no common link.",
            advice: "Write { to: hosting, via: r5 }, where a link joins the router and r5."),
        .init(
            "world.rule", "A rule that matches nothing",
            meaning:
                "What a rule of a firewall asks for cannot be true of any packet: a range of ports that ends before "
                + "it begins, ports of ICMP, a type of TCP, places that share no family of addresses, or a state that such "
                + "packets never have.",
            reason: "The rule would do nothing, and what it was to stop would pass.",
            advice: "Write { action: drop, protocol: udp, port: 33434, to-port: 33534 }, or "
                + "{ action: accept, state: [established, related] }."),
        .init(
            "world.shadowed-rule", "A rule behind one that takes everything",
            meaning: "An earlier rule of the same firewall matches every packet that this one would match.",
            reason: "The first rule that matches decides, so this one is never asked.",
            advice: "Put the narrower rule first, or remove it."),
        .init(
            "world.forward", "Address translation that cannot work",
            meaning:
                "`nat` has `hide`, `hide6`, `forward` or several; what is hidden has addresses of that family; a forward leads "
                + "from a TCP or UDP port of the router to a host whose answers come back through the router.",
            reason:
                "What has no ports cannot be told apart by them, and answers that go another way come from a stranger.",
            advice: "Write nat: { hide: home, forward: [{ protocol: tcp, port: 8080, to: server, to-port: 80 }] }."),
        .init(
            "world.duplicate-forward", "A port that is forwarded twice",
            meaning: "Two forwards of a router have the same protocol and port.",
            reason: "A packet could go to either, and would always go to the first.",
            advice: "Give each a port of its own."),
        .init(
            "world.blocked-forward", "A port forward that the firewall closes",
            meaning:
                "The router's own firewall stops every packet that would open a connection through a forward of it.",
            reason:
                "Rules see a packet behind the forward: with the host's address and port, not with the router's. What is "
                + "forwarded and then stopped reaches nobody.",
            advice: "Put { action: accept, to: server, protocol: tcp, port: 80 } before the rule that stops it."),
        .init(
            "world.secret", "A secret in the world",
            meaning: "A part of the world is named or measured by a variable with `secret: true`.",
            reason: "The world is shown in reports, and a run is judged in the same world later, without the secret.",
            advice: "Use a variable that is no secret; a secret may stand in the body of a page."),
        .init(
            "world.share", "Not a share",
            meaning: "Loss, duplication and the like are shares of all packets, from `0%` to `100%`.",
            reason: "A bare `0.5` could mean half of them or one in two hundred.",
            advice: "Write `2%` or `0.1%`."),
        .init(
            "world.tunnel", "A tunnel that does not hold together",
            meaning: "A tunnel leads over three routers at least, each a neighbour of the next, with a label for each "
                + "behind the first at most.",
            reason: "Packets could not follow it.",
            advice: "Write { path: [r2, r3, r4] } along links that there are."),
        .init(
            "world.unknown-link", "A link that is not there",
            meaning: "A change, or a `link` step, names a link by its two ends, and no link has these.",
            reason: "Nothing would change.",
            advice: "Write the names of both ends with a hyphen, as in r3-r4."),
        .init(
            "world.unknown-node", "A place that is not there",
            meaning: "The word is no network, host, router, address or prefix of the world.",
            reason: "A route or a rule would match nothing.",
            advice: "Correct the name, or write a prefix such as 203.0.113.0/24, or `any`."),
    ]

}
