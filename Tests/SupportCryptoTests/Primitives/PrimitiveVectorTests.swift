import SupportCrypto
import Testing

@Suite("Cryptographic primitives agree with the vectors of their documents")
struct PrimitiveVectorTests {
    @Test("SHA-2 of \"abc\" (FIPS 180-4)")
    func digests() {
        let abc = Array("abc".utf8)
        #expect(
            hex(DigestAlgorithm.sha256.digest(of: abc))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hex(DigestAlgorithm.sha1.digest(of: abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(hex(DigestAlgorithm.sha384.digest(of: [])).hasPrefix("38b060a751ac96384cd9327eb1b1e36a"))
    }

    @Test("a running digest equals the digest of the whole, and begins anew")
    func running() {
        let running = RunningDigest(.sha256)
        for byte in Array("abc".utf8) { withUnsafeBytes(of: byte) { running.update($0) } }
        #expect(running.finish() == DigestAlgorithm.sha256.digest(of: Array("abc".utf8)))
        #expect(running.finish() == DigestAlgorithm.sha256.digest(of: []))
    }

    @Test("HMAC-SHA-256, test case 2 of RFC 4231")
    func hmac() {
        let code = DigestAlgorithm.sha256.authenticate(
            Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(hex(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("HKDF-SHA-256, test case 1 of RFC 5869")
    func hkdf() {
        let secret = HKDF.extract(
            .sha256, salt: bytes("000102030405060708090a0b0c"), secret: [UInt8](repeating: 0x0b, count: 22))
        #expect(hex(secret) == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
        let output = HKDF.expand(.sha256, secret: secret, info: bytes("f0f1f2f3f4f5f6f7f8f9"), length: 42)
        #expect(
            output.map(hex)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        #expect(HKDF.expand(.sha256, secret: secret, info: [], length: 255 * 32 + 1) == nil)
    }

    @Test("HKDF-Expand-Label gives the traffic key of RFC 8448, section 3")
    func expandLabel() {
        let secret = bytes("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
        let key = HKDF.expandLabel(.sha256, secret: secret, label: "key", context: [], length: 16)
        let iv = HKDF.expandLabel(.sha256, secret: secret, label: "iv", context: [], length: 12)
        #expect(key.map(hex) == "3fce516009c21727d0f2e4e86ee403bc")
        #expect(iv.map(hex) == "5d313eb2671276ee13000b30")
    }

    @Test("the client's first record of application data of RFC 8448, section 3, opens")
    func rfc8448Record() throws {
        let secret = bytes("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5")
        let material = try #require(
            HKDF.expandLabel(.sha256, secret: secret, label: "key", context: [], length: 16))
        let iv = try #require(HKDF.expandLabel(.sha256, secret: secret, label: "iv", context: [], length: 12))
        let key = try #require(AEADKey(.aes128GCM, key: material))
        let record = bytes(
            "a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4"
        )
        let inner = try #require(key.open(record, nonce: iv, associatedData: bytes("1703030043")))
        #expect(inner == (0..<50).map { UInt8($0) } + [23])
    }

    @Test("the PRF of TLS 1.2 with SHA-256 gives the vector its working group published")
    func prf() {
        let output = TLS12PRF.expand(
            .sha256, secret: bytes("9bbe436ba940f017b17652849a71db35"), label: "test label",
            seed: bytes("a0ba9f936cda311827a6f796ffd5198c"), length: 100)
        #expect(hex(output).hasPrefix("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"))
        #expect(output.count == 100)
    }

    @Test("AES-128-GCM, test case 4 of the GCM specification")
    func gcm() throws {
        let key = try #require(AEADKey(.aes128GCM, key: bytes("feffe9928665731c6d6a8f9467308308")))
        let data = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        let nonce = bytes("cafebabefacedbaddecaf888")
        let message = bytes(
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"
        )
        let plaintext = try #require(key.open(message, nonce: nonce, associatedData: data))
        #expect(hex(plaintext).hasPrefix("d9313225f88406e5a55909c5aff5269a"))
        #expect(key.seal(plaintext, nonce: nonce, associatedData: data) == message)
    }

    @Test("ChaCha20-Poly1305, section 2.8.2 of RFC 8439")
    func chaCha() throws {
        let key = try #require(
            AEADKey(
                .chaCha20Poly1305, key: bytes("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")))
        let text =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
        let sealed = try #require(
            key.seal(
                Array(text.utf8), nonce: bytes("070000004041424344454647"),
                associatedData: bytes("50515253c0c1c2c3c4c5c6c7")))
        #expect(hex(Array(sealed.suffix(16))) == "1ae10b594f09e26a7e902ecbd0600691")
    }

    @Test(
        "every algorithm opens what it sealed, several times over, and refuses any flipped bit",
        arguments: AEADAlgorithm.allCases)
    func roundTrip(_ algorithm: AEADAlgorithm) throws {
        let key = try #require(AEADKey(algorithm, key: [UInt8](repeating: 7, count: algorithm.keyLength)))
        for (length, round) in [0, 1, 15, 16, 1000].enumerated().map({ ($1, UInt8($0)) }) {
            let plaintext = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let nonce = [UInt8](repeating: round, count: 12)
            let sealed = try #require(key.seal(plaintext, nonce: nonce, associatedData: [1, 2, 3]))
            #expect(sealed.count == length + algorithm.tagLength)
            #expect(key.open(sealed, nonce: nonce, associatedData: [1, 2, 3]) == plaintext)
            #expect(key.open(sealed, nonce: nonce, associatedData: [1, 2, 4]) == nil)
            for index in sealed.indices where index % 97 == 0 || index == sealed.count - 1 {
                var flipped = sealed
                flipped[index] ^= 0x10
                #expect(key.open(flipped, nonce: nonce, associatedData: [1, 2, 3]) == nil)
            }
            #expect(key.open(sealed, nonce: nonce, associatedData: [1, 2, 3]) == plaintext)
        }
    }

    @Test("a key of the wrong length is refused, and so is a message shorter than its tag")
    func lengths() throws {
        #expect(AEADKey(.aes256GCM, key: [UInt8](repeating: 0, count: 16)) == nil)
        let key = try #require(AEADKey(.aes128GCM, key: [UInt8](repeating: 0, count: 16)))
        #expect(key.open([1, 2, 3], nonce: [UInt8](repeating: 0, count: 12), associatedData: []) == nil)
        #expect(key.seal([1], nonce: [1, 2], associatedData: []) == nil)
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.map { UInt8($0 > 0x39 ? $0 - 0x57 : $0 - 0x30) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
