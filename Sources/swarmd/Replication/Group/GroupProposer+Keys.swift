import Synchronization

extension GroupProposer {
    /// Writes new segments and snapshots under `key` from now on; returns when the log does.
    ///
    /// What was written before stays under the keys before until a snapshot takes its place (`forgetOlderKeys`).
    /// Whoever calls it has written down the new key where a restart finds it.
    package func rekey(to key: DataKey) async throws(LogError) {
        self.keys.begin(key)
        try await self.perform(on: self.writing) { () throws(LogError) in
            let result: Result<Void, LogError> = self.writer.withLock { writer in
                do throws(LogError) { return .success(try writer.rekey()) } catch { return .failure(error) }
            }
            try result.get()
        }
    }

    /// Forgets all keys but the newest if nothing is under them any more; returns whether that is so.
    ///
    /// It becomes so with the next snapshot that covers what was written before.
    package func forgetOlderKeys() async throws(LogError) -> Bool {
        try await self.perform(on: self.writing) { () throws(LogError) in
            let result: Result<Bool, LogError> = self.writer.withLock { writer in
                do throws(LogError) { return .success(try writer.storage.hasOlderKeys()) } catch {
                    return .failure(error)
                }
            }
            if try !result.get() { self.keys.forgetOlder() }
        }
        return !self.keys.hasOlder
    }
}
