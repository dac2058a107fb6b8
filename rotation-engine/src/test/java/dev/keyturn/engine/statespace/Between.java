package dev.keyturn.engine.statespace;

import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import tools.jackson.databind.node.ObjectNode;

/** Passes every call on. */
class Between implements SecretManager {

    private final SecretManager manager;

    Between(SecretManager manager) {
        this.manager = manager;
    }

    @Override
    public Reply start(long limitMillis) {
        return manager.start(limitMillis);
    }

    @Override
    public Reply addPending(long limitMillis) {
        return manager.addPending(limitMillis);
    }

    @Override
    public Reply updatePending(ObjectNode document, long limitMillis) {
        return manager.updatePending(document, limitMillis);
    }

    @Override
    public Reply random(ObjectNode wish, long limitMillis) {
        return manager.random(wish, limitMillis);
    }

    @Override
    public Reply complete(long limitMillis) {
        return manager.complete(limitMillis);
    }

    @Override
    public Reply fail(long limitMillis) {
        return manager.fail(limitMillis);
    }

    @Override
    public Reply read(long limitMillis) {
        return manager.read(limitMillis);
    }

    @Override
    public void close() {
        manager.close();
    }
}
