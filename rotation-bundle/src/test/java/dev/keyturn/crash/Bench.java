package dev.keyturn.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A running server with the proxy before it, and the finished jar. Cases are played one after the other. */
final class Bench implements AutoCloseable {

    /** Even an undisturbed case does not go well: nothing can be learned from disturbed ones. */
    static final class Unplayable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unplayable(String message) {
            super(message);
        }
    }

    private final Server.Kind kind;
    private final Path jar;
    private final Path folder;
    private final Server server;
    private final Proxy proxy;
    private int users;
    private boolean archived;
    private Optional<Warm> warm = Optional.empty();

    /**
     * Starts the server.
     *
     * @param kind which
     * @param jar the finished jar
     * @param parent where it may put files
     */
    Bench(Server.Kind kind, Path jar, Path parent) {
        this.kind = kind;
        this.jar = jar;
        try {
            this.folder = Files.createTempDirectory(Files.createDirectories(parent), kind.type()).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.server = kind.start();
        this.proxy = new Proxy(server.port());
    }

    /** Plays an undisturbed case, to learn what its first run does. */
    CrashCase.Seen look(Spec beginning) {
        CrashCase.Seen seen = look(beginning, false);
        if (!archived) {
            archived = true;
            warm = Optional.of(new Warm(jar, folder.resolve("warm")));
        }
        return seen;
    }

    CrashCase.Seen lookAtWrongOrder() {
        return look(Spec.of(Spec.Scene.ORDINARY, true, false), true);
    }

    private CrashCase.Seen look(Spec beginning, boolean wrongOrder) {
        try (CrashCase one = new CrashCase(this, beginning, wrongOrder)) {
            Outcome outcome = one.play();
            if (outcome.verdict() != Outcome.Verdict.OK) {
                throw new Unplayable(kind.label() + ", " + beginning + ": nothing was disturbed, and " + outcome.verdict() + ": " + outcome.detail());
            }
            return one.firstRun();
        } catch (IllegalStateException | UncheckedIOException e) {
            throw server.listens() ? e : new Gone(kind);
        }
    }

    Outcome play(Spec spec) {
        return play(spec, false);
    }

    Outcome playWrongOrder(Spec spec) {
        return play(spec, true);
    }

    private Outcome play(Spec spec, boolean wrongOrder) {
        Outcome outcome;
        try (CrashCase one = new CrashCase(this, spec, wrongOrder)) {
            outcome = one.play();
        } catch (RuntimeException e) {
            outcome = new Outcome(Outcome.Verdict.WRONG, 0, "the harness itself: " + e, 0, 0);
        }
        if (outcome.failed() && !server.listens()) {
            throw new Gone(kind);
        }
        return outcome;
    }

    List<String> command() {
        return Action.finishedJar(jar, folder.resolve("classes.jsa"), !archived);
    }

    /** For runs that nothing happens to; there is none before the first look. */
    Optional<Warm> warm() {
        return warm;
    }

    String nextUser() {
        return "crash" + ++users;
    }

    Server.Kind kind() {
        return kind;
    }

    Server server() {
        return server;
    }

    Proxy proxy() {
        return proxy;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        warm.ifPresent(Warm::close);
        proxy.close();
        server.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
