package dev.keyturn.engine.secretmanager;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Collects a reply's body up to a size and for a time, and cancels beyond them. (The JDK limits the size only from 25 on.) The JDK has
 * it as soon as the headers are there; whoever wants the bytes waits for them.
 */
final class LimitedBody implements BodySubscriber<LimitedBody> {

    private final int limit;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile @Nullable Subscription subscription;

    LimitedBody(int limit) {
        this.limit = limit;
    }

    static final class TooLarge extends IOException {

        private static final long serialVersionUID = 1L;
    }

    @Override
    public CompletionStage<LimitedBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    /** All of it. */
    byte[] await(long nanos) throws IOException, InterruptedException {
        try {
            return body.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancel();
            throw new HttpTimeoutException("the body");
        } catch (InterruptedException e) {
            cancel();
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        }
    }

    /** Also where the JDK has not subscribed yet. */
    private void cancel() {
        body.cancel(false);
        Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        if (body.isDone()) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        for (ByteBuffer item : items) {
            if (bytes.size() + item.remaining() > limit) {
                body.completeExceptionally(new TooLarge());
                cancel();
                return;
            }
            byte[] part = new byte[item.remaining()];
            item.get(part);
            bytes.writeBytes(part);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
