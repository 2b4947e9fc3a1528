import ArgumentParser
import ControlClient
import SwarmAPI
import Trust

/// `swarmd update`.
struct UpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change what the cluster does.",
        discussion: HelpText.keepingExamples(
            """
            What is not given stays as it is. Turning --autolock on prints the unlock key. \
            An --external-ca that the manager can't reach is taken all the same, with a warning: nodes that join or \
            renew wait for their certificates until it answers. `swarmd cluster inspect` shows which are named.

            EXAMPLES
              swarmd update --cert-expiry 720h --task-history-limit 2
              swarmd update --autolock=false
              swarmd update --external-ca protocol=cfssl,url=https://ca.example:8888/api/v1/cfssl/sign
              swarmd update --no-external-ca
            """
        )
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var cluster: ClusterFlags

    func run() async throws {
        guard self.cluster.areGiven else {
            throw CommandError("nothing to change: give a flag, see `swarmd update --help`")
        }
        let flags = self.cluster
        // The flags are checked before anybody is asked.
        var probe = SwarmClusterSpec()
        try flags.apply(to: &probe)
        let key = try await self.daemon.connectNamingFlags { client in
            let (isLocked, wasLocked) = try await FreshWrite.run {
                var cluster = try await client.cluster()
                let wasLocked = cluster.spec.encryptionConfig.autoLockManagers
                try flags.apply(to: &cluster.spec)
                _ = try await client.update(cluster)
                return (cluster.spec.encryptionConfig.autoLockManagers, wasLocked)
            }
            if !flags.authority.externalCA.isEmpty { await ExternalCAWarning.tell(client) }
            guard isLocked, !wasLocked else { return [UInt8]() }
            return try await client.unlockKey()
        }
        try Terminal.out("Swarm updated.")
        guard let key = UnlockKey(bytes: key) else { return }
        for line in [""] + JoinText.unlock(key.text) { try Terminal.out(line) }
    }
}
