using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Model;

/// <summary>
/// Clears memory that held somebody's sample and that nobody needs any more. What the runtime copied on its own account
/// is not reached (docs/release.md).
/// </summary>
public static class Erasure
{
    /// <summary>Clears bytes that were made for one call and belong to nobody else.</summary>
    public static void Clear(ReadOnlyMemory<byte> bytes) => MemoryMarshal.AsMemory(bytes).Span.Clear();

    /// <summary>
    /// Clears a text that was read from one request: no constant, and no text that anybody else refers to.
    /// </summary>
    public static void Clear(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            MemoryMarshal.AsMemory(text.AsMemory()).Span.Clear();
        }
    }

    /// <summary>Clears the templates of samples that were sent and are not stored.</summary>
    public static void Clear(IEnumerable<Sample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        foreach (Sample sample in samples)
        {
            Clear(sample.Template);
        }
    }
}
