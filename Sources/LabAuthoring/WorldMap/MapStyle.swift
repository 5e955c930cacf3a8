/// Colours and signs of a map. All colours have enough contrast on both papers (WCAG 2, level AA).
enum MapStyle {
    static let css = """
        svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans","Liberation Sans",sans-serif;\
        --paper:#fff;--ink:#1b2330;--soft:#566173;--line:#7b8798;--router:#e8f0fe;--router-line:#2f5fb3;--net:#f3f7ee;\
        --net-line:#5b7f2b;--host:#fff8e6;--host-line:#9a6b00;--bad:#b3261e;--change:#7a3eb1;--quiet:#5f6773;--other:#0b6b74;\
        --tunnel:#d9c4f2}
        @media (prefers-color-scheme:dark){svg{--paper:#12161d;--ink:#e7ecf3;--soft:#a3aebd;--line:#77859a;--router:#1b2a45;\
        --router-line:#7ba6f2;--net:#1d2716;--net-line:#9cc46a;--host:#2b2410;--host-line:#e0b04a;--bad:#ff8a80;\
        --change:#cda4f5;--quiet:#a3aebd;--other:#5ccfd9;--tunnel:#4b3a66}}
        .paper{fill:var(--paper)}.under{fill:var(--paper);opacity:.86}
        text{fill:var(--ink);font-size:11px}
        .title{font-size:18px;font-weight:650}.soft{fill:var(--soft);font-size:12px}.name{font-size:13px;font-weight:650}
        .host text.host{font-size:12px}.network text.host{font-size:12px;font-weight:600}.address{fill:var(--soft)}
        .label{text-anchor:middle}.label.bad{fill:var(--bad);font-weight:600}
        .link{fill:none;stroke:var(--line);stroke-width:2}.plain{stroke-width:1.5}
        .down{stroke:var(--bad);stroke-dasharray:5 4}.tunnel{fill:none;stroke:var(--tunnel);stroke-width:11;\
        stroke-linecap:round}
        .card{stroke-width:1.5}.router .card,.hub .card{fill:var(--router);stroke:var(--router-line)}
        .network .card{fill:var(--net);stroke:var(--net-line)}.host .card{fill:var(--host);stroke:var(--host-line)}
        .sign{fill:none;stroke:var(--router-line);stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
        .network .sign{stroke:var(--net-line)}.host .sign{stroke:var(--host-line)}
        .stops{fill:var(--bad)}.changes{fill:var(--change)}.hides{fill:var(--quiet)}.differs{fill:var(--other)}
        .machine{fill:none;stroke:var(--net-line);stroke-width:1.4}.ghost{fill:none;stroke:var(--soft);stroke-dasharray:2 1.5}
        .gone{fill:none;stroke:var(--bad);stroke-width:1.4}
        """

    /// The picture beside the name of a part, in a square of 14 at (8, 8).
    static func sign(_ kind: WorldMap.Kind) -> String {
        let path =
            switch kind {
            // A disc with arrows both ways.
            case .router: "M15 8a7 7 0 1 0 .01 0M11 13h8m-2-2 2 2-2 2M19 17h-8m2-2-2 2 2 2"
            // A bus with its taps.
            case .network: "M8 15h14M11 15v-5M19 15v-5M15 15v5"
            case .hub: "M8 10h14v10h-14zM11 13h8m-2-2 2 2-2 2M19 17h-8m2-2-2 2 2 2"
            // A screen.
            case .host: "M8 9h14v9h-14zM12 21h6M15 18v3"
            }
        return "<path class=\"sign\" d=\"\(path)\"/>"
    }

    /// What stands before a line: a screen for a host, a dot of its colour for a mark.
    static func dot(_ sign: String, x: Double, y: Double) -> String {
        let number = MapDrawing.number
        if ["machine", "ghost", "gone"].contains(sign) {
            return
                "<rect class=\"\(sign)\" x=\"\(number(x - 5))\" y=\"\(number(y - 4))\" width=\"10\" height=\"7\" rx=\"1\"/>"
        }
        return "<circle class=\"\(sign)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"3.5\"/>"
    }
}
