using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace MatchCluster.Api.Tests.Release;

/// <summary>
/// Looks for probes in bytes of any origin: for each window of 16 bytes of a probe as it is and as base64 at each
/// of the three alignments. Windows that say nothing of anybody are left out: those with fewer than eight different
/// bytes, and those that the records of others have too.
/// </summary>
internal sealed class RetentionScan
{
    private const int Window = 16;
    private const int LeastDifferent = 8;
    private const int FilterBits = 1 << 26;

    private readonly Dictionary<UInt128, int> windows = [];
    private readonly HashSet<UInt128> ofOthers = [];
    private readonly ulong[] filter = new ulong[FilterBits / 64];
    private int probes;

    /// <summary>Windows that are looked for.</summary>
    public int Windows => windows.Count;

    /// <summary>Leaves out what these bytes have too; to be called before any probe is added.</summary>
    public void Except(byte[] bytes)
    {
        foreach (byte[] form in Forms(bytes))
        {
            for (int i = 0; i + Window <= form.Length; i++)
            {
                ofOthers.Add(At(form, i));
            }
        }
    }

    /// <summary>Begins another probe: what is added from now on is of it.</summary>
    public void Next() => probes++;

    /// <summary>
    /// Adds a form of a probe; of large ones windows at a distance, so that a longer piece of them is found.
    /// </summary>
    public void Add(byte[] bytes, int step = 1)
    {
        foreach (byte[] form in Forms(bytes))
        {
            for (int i = 0; i + Window <= form.Length; i += step)
            {
                UInt128 window = At(form, i);
                if (new HashSet<byte>(form[i..(i + Window)]).Count >= LeastDifferent && !ofOthers.Contains(window)
                    && windows.TryAdd(window, probes))
                {
                    (int word, int bit) = PlaceOf((ulong)window);
                    filter[word] |= 1UL << bit;
                }
            }
        }
    }

    /// <summary>How many probes have at least one window in these bytes.</summary>
    public int Count(ReadOnlySpan<byte> bytes)
    {
        HashSet<int> found = [];
        Find(bytes, found);
        return found.Count;
    }

    /// <summary>Adds the probes that have a window in these bytes.</summary>
    public void Find(ReadOnlySpan<byte> bytes, HashSet<int> found)
    {
        for (int i = 0; i + Window <= bytes.Length; i++)
        {
            (int word, int bit) = PlaceOf(MemoryMarshal.Read<ulong>(bytes[i..]));
            if ((filter[word] >> bit & 1) != 0
                && windows.TryGetValue(MemoryMarshal.Read<UInt128>(bytes[i..]), out int probe))
            {
                found.Add(probe);
            }
        }
    }

    /// <summary>Files below a directory with the number of probes in each that has any.</summary>
    public IReadOnlyList<string> InFiles(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(path => (File.GetAttributes(path) & FileAttributes.ReparsePoint) == 0
                && new FileInfo(path).Length > 0)
            .Select(path => (Path: path, Found: Count(File.ReadAllBytes(path))))
            .Where(one => one.Found > 0)
            .Select(one => $"{Path.GetRelativePath(directory, one.Path)}: {one.Found} probes"),
    ];

    /// <summary>The number of probes in text.</summary>
    public int InText(string text) => Count(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<byte[]> Forms(byte[] bytes)
    {
        yield return bytes;
        for (int skipped = 0; skipped < 3 && skipped < bytes.Length; skipped++)
        {
            byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length - skipped)];
            Base64.EncodeToUtf8(bytes.AsSpan(skipped), text, out _, out _);
            yield return text;
        }
    }

    private static UInt128 At(byte[] bytes, int i) => MemoryMarshal.Read<UInt128>(bytes.AsSpan(i));

    private static (int Word, int Bit) PlaceOf(ulong begin)
    {
        int place = (int)((begin * 0x9E3779B97F4A7C15UL) >> 38);
        return (place >> 6, place & 63);
    }
}
