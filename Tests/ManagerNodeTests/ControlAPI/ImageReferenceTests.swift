import Testing

@testable import ManagerNode

@Suite struct ImageReferenceTests {
    private static let digest = "sha256:" + String(repeating: "0a", count: 32)

    @Test(arguments: [
        "host", "nginx", "nginx:1.25", "library/nginx", "docker.io/library/nginx:latest",
        "localhost/a", "localhost:5000/a/b:tag", "Registry.example.com/team/app", "a.b-c.d:1/x",
        "under_score/dou__ble/da---sh", "[::1]:5000/a", "nginx@\(Self.digest)", "nginx:1@\(Self.digest)",
        "UPPER/nginx", "a:" + String(repeating: "t", count: 128),
    ])
    func `is a reference`(_ text: String) { #expect(ImageReference.isValid(text)) }

    @Test(arguments: [
        "", "Nginx", "nginx:", ":tag", "a//b", "/a", "a/", "-a", "a-", "a..b", "a___b", "a b", "a:ta g",
        "a/B", "a@sha256:12", "a@nodigest", "é", "a:-tag", "host.com:port/a",
        String(repeating: "0a", count: 32), "a:" + String(repeating: "t", count: 129),
        String(repeating: "a", count: 256), "http://a",
    ])
    func `is no reference`(_ text: String) { #expect(!ImageReference.isValid(text)) }
}
