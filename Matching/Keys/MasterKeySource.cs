using System.Diagnostics;

namespace MatchCluster.Matching.Keys;

/// <summary>
/// Where the master key comes from: a file, a variable of the environment, or a command that prints it (which is how a
/// key management service is asked). It is read at the start and again where the operator says that it changed.
/// </summary>
public abstract class MasterKeySource
{
    /// <summary>Bytes of a source that are looked at: more are no key.</summary>
    private const int MostBytes = 4096;

    private MasterKeySource()
    {
    }

    /// <summary>The key as it is there now.</summary>
    /// <exception cref="KeyException">There is none; the message says why.</exception>
    public abstract MasterKey Read();

    public static MasterKeySource OfFile(string path) => new File(path);

    public static MasterKeySource OfVariable(string name) => new Variable(name);

    /// <param name="command">A program and its arguments, for the system's shell.</param>
    public static MasterKeySource OfCommand(string command) => new Command(command);

    private sealed class File(string path) : MasterKeySource
    {
        private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

        public override MasterKey Read()
        {
            try
            {
                FileInfo file = new(path);
                if (!OperatingSystem.IsWindows() && file.Exists && (file.UnixFileMode & Others) != 0)
                {
                    throw new KeyException(
                        $"{path}: others may read or write the master key, wanted it for its owner alone (chmod 600)");
                }

                return file.Length > MostBytes
                    ? throw new KeyException($"{path}: found {file.Length} bytes, wanted a key of {MasterKey.Bytes}")
                    : MasterKey.Read(System.IO.File.ReadAllBytes(path), path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new KeyException($"{path}: the master key cannot be read: {fault.Message}", fault);
            }
        }
    }

    private sealed class Variable(string name) : MasterKeySource
    {
        public override MasterKey Read() => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? MasterKey.Read(System.Text.Encoding.UTF8.GetBytes(text), $"environment variable {name}")
            : throw new KeyException($"environment variable {name}: found nothing, wanted the master key in base64");
    }

    private sealed class Command(string command) : MasterKeySource
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        public override MasterKey Read()
        {
            ProcessStartInfo start = OperatingSystem.IsWindows()
                ? new("cmd.exe", ["/c", command]) : new("/bin/sh", ["-c", command]);
            start.RedirectStandardOutput = true;
            start.RedirectStandardInput = true;
            start.UseShellExecute = false;
            using Process process = Process.Start(start)
                ?? throw new KeyException("the command for the master key did not start");
            process.StandardInput.Close();
            byte[] output = new byte[MostBytes];
            using CancellationTokenSource late = new(Patience);
            try
            {
                int read = ReadAsync(process, output, late.Token).GetAwaiter().GetResult();
                return process.ExitCode == 0
                    ? MasterKey.Read(output.AsSpan(0, read), "the command for the master key")
                    : throw new KeyException(
                        $"the command for the master key ended with {process.ExitCode}, wanted 0 and the key on its "
                        + "standard output");
            }
            catch (OperationCanceledException fault)
            {
                process.Kill(entireProcessTree: true);
                throw new KeyException(
                    $"the command for the master key did not end within {Patience.TotalSeconds} s", fault);
            }
            finally
            {
                System.Security.Cryptography.CryptographicOperations.ZeroMemory(output);
            }
        }

        private static async Task<int> ReadAsync(Process process, byte[] output, CancellationToken cancel)
        {
            Stream stream = process.StandardOutput.BaseStream;
            int read = await stream.ReadAtLeastAsync(output, output.Length, throwOnEndOfStream: false, cancel);
            await process.WaitForExitAsync(cancel);
            return read;
        }
    }
}
