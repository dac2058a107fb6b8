package dev.keyturn.plugin.postgresql;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;

/** A socket whose time-out covers all that follows, however many reads that takes, and not each read. */
final class TimedSocket extends Socket {

    private static final int FAREWELL_MILLIS = 1_000;

    private final Wire.Attempt attempt;
    private boolean late;

    TimedSocket(Wire.Attempt attempt) {
        this.attempt = attempt;
    }

    private int left() throws IOException {
        long millis = attempt.left();
        if (millis < 1) {
            throw timeIsUp();
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** No SocketTimeoutException: the driver reads on after one, unless it was the driver that asked for the limit. */
    private IOException timeIsUp() {
        late = true;
        return new IOException("time is up");
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        super.connect(endpoint, left());
        attempt.connected();
    }

    /** From now on this many milliseconds are left; 0 changes nothing. */
    @Override
    public void setSoTimeout(int millis) {
        if (millis > 0) {
            attempt.within(millis);
        }
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                TimedSocket.super.setSoTimeout(left());
                try {
                    return super.read(bytes, from, length);
                } catch (SocketTimeoutException e) {
                    throw timeIsUp();
                }
            }
        };
    }

    /** Left to {@link #close}: TLS would shut the input too early. */
    @Override
    public void shutdownInput() {
    }

    /**
     * Waits, for a moment, until the server has closed its end. A PostgreSQL backend does so by exiting, so that after
     * this its session and its lock are gone. Whoever did not answer before is not waited for.
     */
    @Override
    public void close() throws IOException {
        if (isConnected() && !isClosed() && !late) {
            try {
                if (!isOutputShutdown()) {
                    shutdownOutput();
                }
                setSoTimeout(FAREWELL_MILLIS);
                InputStream rest = getInputStream();
                while (rest.read() >= 0) {
                    continue;
                }
            } catch (IOException e) {
                // It has gone already, or does not answer: either way there is nobody to wait for.
            }
        }
        super.close();
    }
}
