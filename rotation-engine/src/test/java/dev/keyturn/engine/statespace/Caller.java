package dev.keyturn.engine.statespace;

import dev.keyturn.api.TargetException.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of the engine, as its calls show it: what it was told, and whether it is still alive. */
final class Caller {

    /** A login of the account's own, and what was heard: null if it was accepted. */
    record Login(int at, Account account, String value, @Nullable Kind answer) {
    }

    final World world;
    final String name;
    final String token;
    private final Map<Call, Fault> lasting = new EnumMap<>(Call.class);
    private boolean dead;

    final List<Login> logins = new ArrayList<>();
    /** When the account was last changed, or may have been, by this run. */
    final Map<Account, Integer> lastChange = new LinkedHashMap<>();
    /** What start showed, or will: what worked, and whether the rotation resumes. Taken when the run begins. */
    final Map<Account, Boolean> activeWorked = new LinkedHashMap<>();
    int boundaries;
    boolean searching = true;
    boolean hit;
    boolean managerHit;
    boolean completeMaybeDone;
    /** Whether a pending value was there when the run began; whether neither it nor active worked; whether nothing was under way. */
    boolean resumes;
    boolean drifted;
    boolean undisturbed = true;
    /** Whether another run or a person had a hand in the same accounts meanwhile. */
    boolean disturbed;
    /** Whether the job was begun by another run. */
    boolean joins;

    Caller(World world, String name, String token) {
        this.world = world;
        this.name = name;
        this.token = token;
    }

    /** A call begins: now others may run, what is under way may land, and a fault may strike. */
    Fault arrive(Call call, String what) {
        checkAlive();
        world.baton.pass(this);
        checkAlive();
        world.clock.boundary();
        boundaries++;
        Fault fault = Optional.ofNullable(lasting.get(call)).orElseGet(() -> world.strikes(call));
        world.say(name + " " + call + what + (fault == Fault.NONE ? "" : " !" + fault));
        if (fault != Fault.NONE) {
            hit = true;
            managerHit |= call.toManager();
            if (fault.forever()) {
                lasting.put(call, fault);
            }
        }
        if (fault.when() == Fault.When.CRASH_BEFORE) {
            throw crash();
        }
        return fault;
    }

    /** The process is gone; what it had open at the target ends. */
    Crash crash() {
        dead = true;
        world.server.gone(this);
        return new Crash();
    }

    boolean isDead() {
        return dead;
    }

    private void checkAlive() {
        if (dead) {
            throw new Crash();
        }
    }

    boolean provedActiveAfterChange(Account account) {
        return triedActiveAfterChange(account).anyMatch(login -> login.answer() == null);
    }

    /** The target did not say whether active works, although it was asked. */
    boolean couldNotProveActive(Account account) {
        return triedActiveAfterChange(account).anyMatch(login -> login.answer() != null && login.answer() != Kind.REJECTED);
    }

    private Stream<Login> triedActiveAfterChange(Account account) {
        String active = world.platform.current(account);
        int since = lastChange.getOrDefault(account, 0);
        return logins.stream().filter(login -> login.account() == account && login.at() > since && login.value().equals(active));
    }
}
