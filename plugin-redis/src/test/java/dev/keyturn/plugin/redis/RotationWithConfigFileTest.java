package dev.keyturn.plugin.redis;

/** Redis 6.2 with users in its configuration file. */
class RotationWithConfigFileTest extends RotationScenario {

    @Override
    RedisServer server() {
        return Rig.WithConfigFile.SERVER;
    }
}
