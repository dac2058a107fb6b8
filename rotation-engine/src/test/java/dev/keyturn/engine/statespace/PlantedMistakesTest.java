package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.statespace.Config.Found;
import dev.keyturn.engine.statespace.Config.Live;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The oracle can fail: each of these puts a mistake between the engine and the models, and the walk must find it. */
class PlantedMistakesTest {

    private static final Config RESUMED = Config.core().with(Live.PENDING, Found.OURS);

    @Test
    void nothingIsFoundWhereNothingIsPlanted() {
        assertEquals(Set.of(), found(Config.core(), Wrappers.NONE));
        assertEquals(Set.of(), found(RESUMED, Wrappers.NONE));
    }

    /** The order of the platform's own sample: the target hears of the value before the chain does. */
    @Test
    void r2_changedBeforeStored() {
        Set<String> found = found(Config.core(), Wrappers.ofManager((caller, manager) -> new Between(manager) {
            @Override
            public Reply updatePending(ObjectNode document, long limitMillis) {
                return new Reply.Success(Json.object().put("pending", Json.text(document)));
            }
        }));
        assertTrue(found.contains("R2") && found.contains("LOST"), found.toString());
    }

    @Test
    void r2_aFoundPendingIsOverlooked() {
        Set<String> found = found(RESUMED, Wrappers.ofManager((caller, manager) -> new Between(manager) {
            @Override
            public Reply start(long limitMillis) {
                Reply reply = super.start(limitMillis);
                if (reply instanceof Reply.Success success) {
                    ((ObjectNode) success.data().path("decryptedSecretChain")).putNull("pending");
                }
                return reply;
            }
        }));
        assertTrue(found.contains("R7"), found.toString());
    }

    @Test
    void r7_aLostReplyToCompleteIsTakenForARefusal() {
        Set<String> found = found(Config.core(), Wrappers.ofManager((caller, manager) -> new Between(manager) {
            @Override
            public Reply complete(long limitMillis) {
                Reply reply = super.complete(limitMillis);
                return reply instanceof Reply.Unclear ? new Reply.Refused(400, "", "mistaken") : reply;
            }
        }));
        assertTrue(found.contains("R7"), found.toString());
    }

    @Test
    void r7_failIsReportedAndNeverSent() {
        Set<String> found = found(Config.core(), Wrappers.ofManager((caller, manager) -> new Between(manager) {
            @Override
            public Reply fail(long limitMillis) {
                return new Reply.Success(Json.object());
            }
        }));
        assertTrue(found.contains("R7"), found.toString());
    }

    @Test
    void r1_completedAtTheWrongTime() {
        Set<String> found = found(Config.core(), Wrappers.ofManager((caller, manager) -> new Between(manager) {
            @Override
            public Reply updatePending(ObjectNode document, long limitMillis) {
                Reply reply = super.updatePending(document, limitMillis);
                super.complete(limitMillis);
                return reply;
            }
        }));
        assertTrue(found.contains("R1"), found.toString());
    }

    @Test
    void r5_unreachableIsTakenForAWrongPassword() {
        Set<String> found = found(RESUMED, Wrappers.ofTarget((caller, target) -> new Plug(target) {
            @Override
            Kind heard(Kind kind) {
                return kind == Kind.UNREACHABLE ? Kind.REJECTED : kind;
            }
        }));
        assertTrue(found.contains("R5"), found.toString());
    }

    @Test
    void r6_aRefusedLoginIsTriedAgain() {
        Set<String> found = found(RESUMED.with(Live.ACTIVE, Found.OURS), Wrappers.ofTarget((caller, target) -> new Plug(target) {
            @Override
            boolean again(Kind kind) {
                return kind == Kind.REJECTED;
            }
        }));
        assertTrue(found.contains("R6"), found.toString());
    }

    @Test
    void r1_aLoginThatNobodyMade() {
        Set<String> found = found(Config.core(), Wrappers.ofTarget((caller, target) -> new Plug(target) {
            @Override
            boolean pretends() {
                return true;
            }
        }));
        assertTrue(found.contains("R1"), found.toString());
    }

    @Test
    void r4_anUnknownChangeIsCalledARefusal() {
        Set<String> found = found(Config.core(), Wrappers.ofTarget((caller, target) -> new Plug(target) {
            @Override
            Kind changed(Kind kind) {
                return kind == Kind.UNKNOWN ? Kind.FORBIDDEN : kind;
            }
        }));
        assertTrue(found.contains("R7") || found.contains("R4"), found.toString());
    }

    /** The rules that some way with one fault breaks. */
    private static Set<String> found(Config config, Wrappers wrappers) {
        Set<String> rules = new TreeSet<>();
        Optional<Choices> choices = Optional.of(Choices.first());
        while (choices.isPresent()) {
            World world = new World(config, choices.get(), wrappers);
            world.faults = 1;
            world.alphabet = Fault.Alphabet.CORE;
            new Scenario(world, 1).play();
            world.oracle.violations().forEach(violation -> rules.add(violation.substring(0, violation.indexOf(':'))));
            choices = choices.get().next();
        }
        return rules;
    }
}
