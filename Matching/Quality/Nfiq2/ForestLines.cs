using System.Security.Cryptography;
using System.Text;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The lines of a forest's file, trimmed, with line and byte limits, and the MD5 of its text with line feeds at the
/// line ends.
/// </summary>
internal sealed class ForestLines(Stream file) : IDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly byte[] line = new byte[ForestLimits.LineBytes];
#pragma warning disable CA5351 // NIST names its files by their MD5; it protects nothing here.
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private int at;
    private int end;
    private long bytes;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Why reading ended before the end of the file; null where it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>The next line that is not blank, without blanks at its ends; null at the end or at a fault.</summary>
    public string? Next()
    {
        while (Fault is null && NextLine() is { } line)
        {
            if (line.Length > 0)
            {
                return line;
            }
        }

        return null;
    }

    /// <summary>Reads the rest and returns the MD5 as lower-case digits.</summary>
    public string Md5()
    {
        while (Fault is null && NextLine() is not null)
        {
        }

        return Convert.ToHexStringLower(this.md5.GetCurrentHash());
    }

    public void Dispose() => this.md5.Dispose();

    private string? NextLine()
    {
        int length = 0;
        bool any = false;
        while (true)
        {
            if (this.at == this.end && !Fill())
            {
                return any && Fault is null ? Text(length) : null;
            }

            any = true;
            byte next = this.buffer[this.at++];
            if (next == '\n')
            {
                return Text(length);
            }

            if (next is not (>= (byte)' ' and < 0x7F or (byte)'\r' or (byte)'\t') || length == this.line.Length)
            {
                Number++;
                Fault = length == this.line.Length
                    ? $"a line of more than {ForestLimits.LineBytes} bytes" : $"the byte {next:X2}";
                return null;
            }

            this.line[length++] = next;
        }
    }

    private string Text(int length)
    {
        Number++;
        return Encoding.ASCII.GetString(this.line, 0, length).Trim();
    }

    private bool Fill()
    {
        (this.at, this.end) = (0, file.Read(this.buffer));
        this.bytes += this.end;
        if (this.bytes > ForestLimits.FileBytes)
        {
            Fault = $"more than {ForestLimits.FileBytes} bytes";
            return false;
        }

        ReadOnlySpan<byte> rest = this.buffer.AsSpan(0, this.end);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\r');
            this.md5.AppendData(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return this.end > 0;
    }
}
