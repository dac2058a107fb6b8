package dev.keyturn.plugin.mysql;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** One login with mysql_native_password, spoken by hand: fast, and independent of the driver. */
final class BareLogin {

    private static final int CAPABILITIES = 0x1 | 0x200 | 0x8000 | 0x80000; // Long passwords, 4.1, secure, plugin names.
    private static final String PLUGIN = "mysql_native_password";

    private BareLogin() {
    }

    static boolean accepted(int port, String user, String password) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] greeting = packet(in);
            int at = 1;
            while (greeting[at++] != 0) { // The server's version.
            }
            byte[] salt = new byte[20];
            System.arraycopy(greeting, at + 4, salt, 0, 8);
            System.arraycopy(greeting, at + 4 + 8 + 19, salt, 8, 12);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int shift = 0; shift < 32; shift += 8) {
                answer.write(CAPABILITIES >> shift);
            }
            answer.writeBytes(new byte[] {0, 0, 0, 1, 45}); // The largest packet; utf8mb4.
            answer.writeBytes(new byte[23]);
            answer.writeBytes((user + "\0").getBytes(StandardCharsets.UTF_8));
            answer.write(20);
            answer.writeBytes(token(password, salt));
            answer.writeBytes((PLUGIN + "\0").getBytes(StandardCharsets.UTF_8));
            send(socket, 1, answer.toByteArray());
            byte[] reply = packet(in);
            if (reply[0] == (byte) 0xfe) { // The server asks again, with a salt of its own.
                int from = 1 + PLUGIN.length() + 1;
                send(socket, 3, token(password, Arrays.copyOfRange(reply, from, from + 20)));
                reply = packet(in);
            }
            if (reply[0] != 0 && (reply[1] & 0xff | (reply[2] & 0xff) << 8) != 1045) {
                throw new IOException(new String(reply, StandardCharsets.UTF_8));
            }
            return reply[0] == 0;
        }
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
        in.readByte();
        return in.readNBytes(length);
    }

    private static void send(Socket socket, int number, byte[] bytes) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(new byte[] {(byte) bytes.length, (byte) (bytes.length >> 8), (byte) (bytes.length >> 16), (byte) number});
        packet.writeBytes(bytes);
        socket.getOutputStream().write(packet.toByteArray());
    }

    private static byte[] token(String password, byte[] salt) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] once = sha1.digest(password.getBytes(StandardCharsets.UTF_8));
            byte[] twice = sha1.digest(once);
            sha1.update(salt);
            byte[] mask = sha1.digest(twice);
            for (int i = 0; i < mask.length; i++) {
                mask[i] ^= once[i];
            }
            return mask;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
