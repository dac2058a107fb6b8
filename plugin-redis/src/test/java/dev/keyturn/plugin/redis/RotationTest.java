package dev.keyturn.plugin.redis;

/** Redis 6.2 with an ACL file. */
class RotationTest extends RotationScenario {

    @Override
    RedisServer server() {
        return Rig.WithAclFile.SERVER;
    }
}
