import FoundationEssentials
import Logging
package import RaftCore
package import StoreCore
package import SwarmAPI
import SwiftProtobuf
import Synchronization

// Whether the members' stores are the same.
extension GroupProposer {
    package func share(_ digest: StateDigest, at index: UInt64) {
        self.transport.share(
            .with {
                $0.index = index
                $0.digest = Data(digest.bytes)
            }
        )
        self.note([(index, digest)], of: self.id)
    }

    package func compare(_ digests: [SwarmdStateDigest], from id: RaftID) {
        self.note(
            digests.compactMap { wire in StateDigest(bytes: Array(wire.digest)).map { (wire.index, $0) } },
            of: id
        )
    }

    private func note(_ digests: [(index: UInt64, digest: StateDigest)], of id: RaftID) {
        let (findings, agreed) = self.state.withLock { state in
            guard state.isOpen else { return ([DigestLedger.Finding](), nil as UInt64?) }
            let before = state.digests.agreed
            let voters = state.member.node.configuration.voters
            let findings = digests.flatMap {
                state.digests.note($0.digest, at: $0.index, of: id, voters: voters)
            }
            return (findings, state.digests.agreed > before ? state.digests.agreed : nil)
        }
        if let agreed {
            self.log.debug(
                "another manager's store is the same as this one's",
                metadata: ["index": "\(agreed)"]
            )
        }
        for finding in findings { self.act(on: finding) }
    }

    private func act(on finding: DigestLedger.Finding) {
        switch finding {
        case .differs(let other, let index, let own, let theirs):
            // Where most voters agree, the one that strayed stops; otherwise somebody has to look.
            self.log.error(
                "the store of another manager differs from this one's",
                metadata: [
                    "member": "\(String(other.rawValue, radix: 16))", "index": "\(index)", "here": "\(own)",
                    "there": "\(theirs)",
                ]
            )
        case .astray(let index, let own, let group):
            self.fail(.astray(index: index, own: "\(own)", group: "\(group)"))
        }
    }
}
