using System.Security.Cryptography;

namespace MatchCluster.Matching.Model;

/// <summary>
/// A picture that samples of an encounter were extracted from, as it came. Its facts are part of the encounter's
/// record; its bytes lie beside the record and are read only where somebody asks for them. An item of a type that
/// nothing here compares (a face, a voice) may be kept in the same way: it is of no sample, and nobody looks into it.
/// </summary>
public sealed record Picture
{
    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>
    /// Which samples of the encounter are of it, by their place; ascending, at least one, none of an opaque item.
    /// </summary>
    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>The position code of a slap (ISO/IEC 19794-4) that its item was labelled with; null for none.</summary>
    public int? Slap { get; init; }

    /// <summary>Whether it was labelled as a picture of both eyes.</summary>
    public bool AreBothEyes { get; init; }

    /// <summary>The resolution in pixels per inch that its item stated; null where it stated none.</summary>
    public int? Ppi { get; init; }

    /// <summary>Pixels of a side, where it is pixels alone; null for a file.</summary>
    public (int Width, int Height)? Raw { get; init; }

    /// <summary>Bytes of it, at least one.</summary>
    public required int Length { get; init; }

    /// <summary>SHA-256 of its bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>Its bytes; empty where they were not read.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>
    /// What type of biometric item it is, where nothing here compares that type: its bytes are then the item as it
    /// came, in a form that only its caller's door knows. Null of a picture.
    /// </summary>
    public string? OpaqueType { get; init; }

    /// <summary>Whether it is an item that nothing here compares.</summary>
    public bool IsOpaque => OpaqueType is not null;

    /// <summary>Whether its bytes are here.</summary>
    public bool IsRead => !Content.IsEmpty;

    /// <summary>Whether its bytes are here and are those that its facts name.</summary>
    public bool IsWhole => Content.Length == Length && Length > 0
        && SHA256.HashData(Content.Span).AsSpan().SequenceEqual(Hash.Span);

    /// <summary>A picture with its bytes.</summary>
    /// <param name="content">Its bytes, as they came.</param>
    /// <param name="samples">The samples that were extracted from it.</param>
    public static Picture Of(ReadOnlyMemory<byte> content, IReadOnlyList<int> samples) => new()
    {
        Samples = samples,
        Length = content.Length,
        Hash = SHA256.HashData(content.Span),
        Content = content,
    };

    /// <summary>An item of a type that nothing here compares.</summary>
    /// <param name="type">The type.</param>
    /// <param name="content">The item, as its door writes it.</param>
    public static Picture Opaque(string type, ReadOnlyMemory<byte> content) => Of(content, []) with
    {
        OpaqueType = type,
    };
}
