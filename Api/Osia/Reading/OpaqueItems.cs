using System.Buffers.Binary;
using System.Text.Json;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Biometric items of types that are not compared here, as they are kept: nobody looks into them, and they are given
/// back as they came.
/// </summary>
/// <remarks>
/// Frozen, little-endian: version (1); the item without its bytes as JSON (length 4, UTF-8); image, then template
/// (length 4, bytes; length -1 for none).
/// </remarks>
internal static class OpaqueItems
{
    private const byte Version = 1;

    private static readonly OsiaJson Json = Configured();

    /// <summary>The kept bytes of an item whose image is bytes already.</summary>
    public static byte[] Encode(OsiaBiometricData item, byte[]? image) => Content(
        JsonSerializer.SerializeToUtf8Bytes(
            item with { Image = null, Template = null, EncounterId = null }, Json.OsiaBiometricData),
        image, item.Template);

    /// <summary>Whether an item is one: of such a type, with bytes of its own, and not protected.</summary>
    public static bool IsOne(OsiaBiometricData? item) =>
        item is not null && !Positions.IsCompared(item.BiometricType) && !BiometricItem.IsProtected(item)
        && (item.Image is not null || item.Template is not null);

    /// <summary>The item as it is kept, or why it is not.</summary>
    /// <param name="item">The item.</param>
    /// <param name="path">Its place in the body.</param>
    /// <param name="limits">How much is kept.</param>
    /// <param name="before">Bytes of those before it in the encounter.</param>
    public static Parsed<Picture> Read(OsiaBiometricData item, string path, OpaqueLimits limits, long before)
    {
        // Before anything is decoded: four characters of base64 are three bytes.
        int encoded = item.Image?.Length ?? 0;
        long least = (encoded / 4 * 3L) - 2 + (item.Template?.Length ?? 0);
        if (Wrong(path, least, limits, before) is { } early)
        {
            return early;
        }

        byte[]? image = null;
        if (item.Image is { } text && (image = Base64Text.Decode(text)) is null)
        {
            return new Failure(
                FailureCode.InvalidBiometricData, $"{path}.image: found text that is not base64, wanted base64");
        }

        byte[] content = Encode(item, image);
        return Wrong(path, content.Length, limits, before) is { } wrong ? wrong
            : Picture.Opaque(EnumWords<BiometricType>.Of(item.BiometricType), content);
    }

    /// <summary>The item of kept bytes; null where they are none.</summary>
    public static OsiaBiometricData? Of(ReadOnlySpan<byte> content)
    {
        if (content.Length < 1 || content[0] != Version || Next(ref content, 1) is not { } head)
        {
            return null;
        }

        byte[]? image = Next(ref content, 0);
        byte[]? template = Next(ref content, 0);
        try
        {
            return JsonSerializer.Deserialize(head, Json.OsiaBiometricData) is not { } item ? null : item with
            {
                Image = image is null ? null : Convert.ToBase64String(image),
                Template = template,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Failure? Wrong(string path, long bytes, OpaqueLimits limits, long before) =>
        bytes > limits.ItemBytes ? new Failure(
            FailureCode.OpaqueTooLarge,
            $"{path}: found {bytes} bytes or more, wanted at most {limits.ItemBytes} of an item that is not compared")
        : before + bytes > limits.EncounterBytes ? new Failure(
            FailureCode.OpaqueTooLarge,
            $"{path}: found {before + bytes} bytes or more in all up to it, wanted at most {limits.EncounterBytes} of "
            + "items that are not compared in one encounter")
        : null;

    private static byte[] Content(byte[] head, byte[]? image, byte[]? template)
    {
        byte[] content = new byte[1 + (3 * sizeof(int)) + head.Length + (image?.Length ?? 0) + (template?.Length ?? 0)];
        content[0] = Version;
        int at = 1;
        foreach (byte[]? part in (byte[]?[])[head, image, template])
        {
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at), part?.Length ?? -1);
            at += sizeof(int);
            part?.CopyTo(content, at);
            at += part?.Length ?? 0;
        }

        return content;
    }

    /// <summary>The next part; null where there is none.</summary>
    private static byte[]? Next(ref ReadOnlySpan<byte> rest, int skipped)
    {
        rest = rest[Math.Min(skipped, rest.Length)..];
        if (rest.Length < sizeof(int))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[sizeof(int)..];
        if (length < 0 || length > rest.Length)
        {
            return null;
        }

        byte[] part = rest[..length].ToArray();
        rest = rest[length..];
        return part;
    }

    private static OsiaJson Configured()
    {
        JsonSerializerOptions options = new();
        OsiaJson.Configure(options);
        return new OsiaJson(options);
    }
}
