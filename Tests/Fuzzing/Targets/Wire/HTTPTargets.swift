import Wire

/// Both sides of an HTTP/1 connection, in pieces and with holes.
struct HTTP1Target: FuzzTarget {
    let name = "http1"
    let longestInput = 600
    let dictionary = [
        "GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.0 ", "CONNECT a:443 ", "HEAD ", "Host: a\r\n", "\r\n\r\n",
        "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Upgrade: h2c\r\n",
        "HTTP/1.1 101 ", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 304 ", "5\r\nhello\r\n", "0\r\n\r\n",
        "ffffffffffffffff\r\n", ";a=b", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]

    func run(_ input: [UInt8]) {
        var connection = HTTP1Connection()
        Dialogue.read(input) { piece in
            switch piece {
            case .octets(let octets, let side):
                var rest = octets
                let before = connection.offset(side)
                var events = 0
                while connection.next(&rest, from: side) != nil {
                    events += 1
                    precondition(events <= 16 * (octets.count + 16), "events have an end")
                }
                precondition(rest.isEmpty, "all octets are taken")
                precondition(connection.offset(side) >= before, "octets are counted once")
            case .hole(let count, let side): _ = connection.missed(UInt64(count), from: side)
            }
        }
        for side in [HTTPSide.client, .server] {
            var nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            while connection.next(&nothing, from: side) != nil {}
            _ = connection.closed(side == .client ? .closed : .aborted, from: side)
        }
    }
}

/// Both sides of an HTTP/2 connection with HPACK; the first byte says how the connection was begun.
struct HTTP2Target: FuzzTarget {
    let name = "http2"
    let longestInput = 600
    let dictionary = [
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\0\u{4}\0\0\0\0\0", "\0\0\0\u{4}\u{1}\0\0\0\0", ":method", ":path",
        ":status", "content-length",
    ]

    func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let beginnings: [HTTP2Connection.Beginning] = [.preface, .upgrade, .unknown]
        var connection = HTTP2Connection(beginnings[Int(first) % 3])
        Dialogue.read(input.dropFirst()) { piece in
            switch piece {
            case .octets(let octets, let side):
                var rest = octets
                var events = 0
                while connection.next(&rest, from: side) != nil {
                    events += 1
                    precondition(events <= 16 * (octets.count + 16), "events have an end")
                }
                precondition(rest.isEmpty, "all octets are taken")
            case .hole(let count, let side): _ = connection.missed(UInt64(count), from: side)
            }
        }
        _ = connection.unfinished(.client) + connection.unfinished(.server)
    }
}

/// HPACK alone: blocks, with a length byte before each.
struct HPACKTarget: FuzzTarget {
    let name = "hpack"
    let longestInput = 300
    let dictionary = [":method", "cookie", "www.example.test", "\u{7f}", "\u{3f}"]

    func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        var decoder = HPACKDecoder(startsMidConnection: first & 1 != 0, listLimit: 4096, fieldLimit: 100)
        if first & 2 != 0 { decoder.tableSizeAllowed(UInt32(first >> 2) * 64) }
        Dialogue.read(input.dropFirst()) { piece in
            switch piece {
            case .octets(let block, _):
                do throws(HPACKDecoder.Failure) {
                    let fields = try decoder.decode(block)
                    precondition(fields.count <= 101, "no more fields than allowed")
                } catch {
                    // Every failure is a word of its own.
                    precondition(!"\(error)".isEmpty)
                }
                precondition(decoder.tableSize <= 1 << 20, "the table stays small")
            case .hole: decoder.blocksLost()
            }
        }
    }
}

/// Streams of an HTTP/3 connection with QPACK: before each piece a byte, the number of its stream and in its highest bit
/// whether that ends behind it.
struct HTTP3Target: FuzzTarget {
    let name = "http3"
    let longestInput = 600
    let dictionary = ["\0\u{4}", "\u{1}", "\u{2}", "\u{3}", ":status", ":method"]

    func run(_ input: [UInt8]) {
        let connection = HTTP3Connection()
        var events = 0
        let emit: HTTP3Connection.Emit = { _, _ in events += 1 }
        Dialogue.read(input) { piece in
            switch piece {
            case .octets(let octets, let side):
                let stream = octets[0]
                connection.receive(
                    UnsafeRawBufferPointer(rebasing: octets[1...]), on: UInt64(stream & 0x7F), from: side, emit)
                if stream & 0x80 != 0 { connection.ended(UInt64(stream & 0x7F), from: side, emit) }
            case .hole(let count, let side): connection.missed(count, on: UInt64(count & 0x1F), from: side, emit)
            }
        }
        connection.finish(emit)
        precondition(events <= 64 * (input.count + 1), "events have an end")
    }
}

/// Content codings: the first byte chooses them, the rest is the body, given in two halves.
struct ContentTarget: FuzzTarget {
    let name = "content"
    let longestInput = 400
    let dictionary = ["\u{1f}", "x\u{9c}", "(\u{b5}/"]

    func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let all: [HTTPContentCoding] = [.gzip, .deflate, .brotli, .zstd]
        var codings = [all[Int(first & 3)]]
        if first & 4 != 0 { codings.append(all[Int(first >> 3 & 3)]) }
        let body = Array(input.dropFirst())
        let limit = 100_000
        var got = 0
        do throws(HTTPContentFailure) {
            let decoder = try HTTPContentDecoder(codings, limit: limit)
            let half = body.count / 2
            for part in [body[..<half], body[half...]] {
                let octets = Array(part)
                var failure: HTTPContentFailure?
                octets.withUnsafeBytes { bytes in
                    do throws(HTTPContentFailure) {
                        try decoder.decode(bytes) { got += $0.count }
                    } catch {
                        failure = error
                    }
                }
                if let failure { throw failure }
            }
            try decoder.finish()
        } catch {
            precondition(!"\(error)".isEmpty)
        }
        precondition(got <= limit, "no more comes out than was allowed")
    }
}
