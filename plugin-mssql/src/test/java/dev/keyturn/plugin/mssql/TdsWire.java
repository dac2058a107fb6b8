package dev.keyturn.plugin.mssql;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Packets and tokens of TDS 7.4, as far as the stand-in needs them. */
final class TdsWire {

    static final int BATCH = 1;
    static final int REPLY = 4;
    static final int ATTENTION = 6;
    static final int LOGIN = 16;
    static final int PRELOGIN = 18;

    private static final int PACKET = 4096;

    private TdsWire() {
    }

    /** One message: the packets up to the one that is marked as the last. */
    record Message(int type, byte[] body) {
    }

    static Message read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int type = in.read();
            if (type < 0) {
                throw new EOFException();
            }
            int status = in.readUnsignedByte();
            int length = in.readUnsignedShort();
            in.skipNBytes(4);
            body.write(in.readNBytes(length - 8));
            if ((status & 1) != 0) {
                return new Message(type, body.toByteArray());
            }
        }
    }

    static void write(OutputStream out, int type, byte[] body) throws IOException {
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        int from = 0;
        int number = 1;
        do {
            int size = Math.min(PACKET - 8, body.length - from);
            boolean last = from + size == body.length;
            packets.write(new byte[] {(byte) type, (byte) (last ? 1 : 0), (byte) (size + 8 >> 8), (byte) (size + 8), 0, 0,
                (byte) number++, 0});
            packets.write(body, from, size);
            from += size;
        } while (from < body.length);
        out.write(packets.toByteArray());
        out.flush();
    }

    /** Builds one reply. */
    static final class Tokens {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Tokens number(long value, int bytes) {
            for (int i = 0; i < bytes; i++) {
                out.write((int) (value >> 8 * i));
            }
            return this;
        }

        /** Length in characters, in one byte or two. */
        Tokens text(String value, int lengthBytes) {
            number(value.length(), lengthBytes);
            out.writeBytes(value.getBytes(StandardCharsets.UTF_16LE));
            return this;
        }

        private Tokens sized(int token, Tokens body) {
            number(token, 1).number(body.out.size(), 2);
            out.writeBytes(body.out.toByteArray());
            return this;
        }

        Tokens loggedIn(String database) {
            sized(0xE3, new Tokens().number(1, 1).text(database, 1).text("master", 1));
            sized(0xE3, new Tokens().number(4, 1).text(Integer.toString(PACKET), 1).text(Integer.toString(PACKET), 1));
            Tokens ack = new Tokens().number(1, 1).number(0x04000074, 4).text("TDS stand-in, not SQL Server", 1)
                    .number(16, 1).number(0, 3);
            return sized(0xAD, ack);
        }

        Tokens sentOn(String host, int port) {
            return sized(0xE3, new Tokens().number(20, 1).number(5 + 2 * host.length(), 2).number(0, 1).number(port, 2)
                    .text(host, 2).number(0, 2));
        }

        Tokens error(int number, String text) {
            Tokens body = new Tokens().number(number, 4).number(1, 1).number(number == 18456 ? 14 : 16, 1).text(text, 2)
                    .text("STAND-IN", 1).text("", 1).number(1, 4);
            return sized(0xAA, body);
        }

        /** Every column is nvarchar, every value text or NULL. */
        Tokens columns(List<String> names) {
            number(0x81, 1).number(names.size(), 2);
            for (String name : names) {
                number(0, 4).number(9, 2).number(0xE7, 1).number(8000, 2).number(0x00D00409, 4).number(0x34, 1).text(name, 1);
            }
            return this;
        }

        Tokens row(List<String> values) {
            number(0xD1, 1);
            for (String value : values) {
                if (value == null) {
                    number(0xFFFF, 2);
                } else {
                    byte[] bytes = value.getBytes(StandardCharsets.UTF_16LE);
                    number(bytes.length, 2);
                    out.writeBytes(bytes);
                }
            }
            return this;
        }

        /** Status: 1 more follows, 2 error, 0x20 an attention is acknowledged. */
        Tokens done(int status) {
            return number(0xFD, 1).number(status, 2).number(0, 2).number(0, 8);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    /**
     * The TLS handshake rides in PRELOGIN packets, what comes after it does not. A whole flight goes into one message: it is
     * sent when the handshake turns to reading, or when it is over.
     */
    static final class HandshakeSocket extends Socket {

        private final Socket raw;
        private final ByteArrayOutputStream flight = new ByteArrayOutputStream();
        private InputStream packet = InputStream.nullInputStream();
        private boolean over;

        HandshakeSocket(Socket raw) {
            this.raw = raw;
        }

        void handshakeIsOver() throws IOException {
            sendFlight();
            over = true;
        }

        private void sendFlight() throws IOException {
            if (flight.size() > 0) {
                write(raw.getOutputStream(), PRELOGIN, flight.toByteArray());
                flight.reset();
            }
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] to, int from, int length) throws IOException {
                    if (over) {
                        return raw.getInputStream().read(to, from, length);
                    }
                    int count = packet.read(to, from, length);
                    if (count < 0) {
                        sendFlight();
                        packet = new ByteArrayInputStream(TdsWire.read(raw.getInputStream()).body());
                        count = packet.read(to, from, length);
                    }
                    return count;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] from, int offset, int length) throws IOException {
                    if (over) {
                        raw.getOutputStream().write(from, offset, length);
                    } else {
                        flight.write(from, offset, length);
                    }
                }
            };
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() throws IOException {
            super.close(); // TLS asks this socket for its settings, and then it has a file descriptor of its own.
            raw.close();
        }
    }
}
