using System.Security.Cryptography;
using System.Text;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The lines of a forest's file, trimmed, with line and byte limits, and the MD5 of its text with line feeds at the
/// line ends.
/// </summary>
internal sealed class ForestLines(Stream file) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _line = new byte[ForestLimits.LineBytes];
#pragma warning disable CA5351 // NIST names its files by their MD5; it protects nothing here.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private int _at;
    private int _end;
    private long _bytes;

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

        return Convert.ToHexStringLower(_md5.GetCurrentHash());
    }

    public void Dispose() => _md5.Dispose();

    private string? NextLine()
    {
        int length = 0;
        bool any = false;
        while (true)
        {
            if (_at == _end && !Fill())
            {
                return any && Fault is null ? Text(length) : null;
            }

            any = true;
            byte next = _buffer[_at++];
            if (next == '\n')
            {
                return Text(length);
            }

            if (next is not (>= (byte)' ' and < 0x7F or (byte)'\r' or (byte)'\t') || length == _line.Length)
            {
                Number++;
                Fault = length == _line.Length
                    ? $"a line of more than {ForestLimits.LineBytes} bytes" : $"the byte {next:X2}";
                return null;
            }

            _line[length++] = next;
        }
    }

    private string Text(int length)
    {
        Number++;
        return Encoding.ASCII.GetString(_line, 0, length).Trim();
    }

    private bool Fill()
    {
        (_at, _end) = (0, file.Read(_buffer));
        _bytes += _end;
        if (_bytes > ForestLimits.FileBytes)
        {
            Fault = $"more than {ForestLimits.FileBytes} bytes";
            return false;
        }

        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _end);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\r');
            _md5.AppendData(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return _end > 0;
    }
}
