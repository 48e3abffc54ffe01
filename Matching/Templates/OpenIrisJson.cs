using System.Buffers;
using System.Text.Json;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// The JSON of open-iris: what <c>IrisTemplate.serialize</c> gives (<c>iris_codes</c> and <c>mask_codes</c>,
/// each one base64 string of <see cref="OpenIrisBits"/> for all wavelets, and <c>iris_code_version</c>),
/// alone or as
/// <c>iris_template</c> inside the output of a pipeline, whose <c>metadata.eye_side</c> then names the eye.
/// </summary>
/// <remarks>
/// open-iris has written no other form (its repository's history of iris/io/dataclasses.py and
/// iris/orchestration/output_builders.py), so lists of strings per wavelet are rejected rather than guessed
/// at. Further properties (image_id, weights) are passed over. Python writes NaN and Infinity, which JSON does
/// not have, for figures of the metadata that could not be computed: they are read as 0, and nothing here looks
/// at them.
/// </remarks>
internal static class OpenIrisJson
{
    private const string CodesName = "iris_codes";
    private const string MasksName = "mask_codes";
    private const string VersionName = "iris_code_version";
    private const string TemplateName = "iris_template";
    private const string MetadataName = "metadata";
    private const string EyeSideName = "eye_side";

    /// <summary>What open-iris' encoder writes unless configured otherwise.</summary>
    private const string DefaultVersion = "v0.1";

    /// <summary>
    /// A pipeline's output nests four deep; a property twice is an ambiguity, not a template.
    /// </summary>
    private static readonly JsonDocumentOptions Options =
        new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <param name="bytes">JSON in UTF-8.</param>
    /// <param name="nonFinite">Offset of the first NaN or Infinity, or -1.</param>
    /// <param name="times">How many there are.</param>
    public static Decoded<IrisCode> Decode(ReadOnlySpan<byte> bytes, out int nonFinite, out int times)
    {
        byte[] json = bytes.ToArray();
        (nonFinite, times) = ReplaceNonFinite(json);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement);
        }
        catch (JsonException malformed)
        {
            return new Rejection(
                OffsetOf(malformed, bytes), "malformed JSON", "open-iris' template as one JSON object");
        }
        catch (InvalidOperationException)
        {
            // The parser leaves bytes that are no UTF-8 and half surrogate pairs to whoever reads the string.
            return new Rejection(-1, "text that is not Unicode", "open-iris' template as JSON in UTF-8");
        }
    }

    public static byte[] Encode(IrisCode code)
    {
        if (OpenIrisBits.ShapeOf(code.Shape.Bits / 8) != code.Shape)
        {
            throw new ArgumentException(
                $"found shape {code.Shape}, wanted {IrisShape.OpenIris12800} or {IrisShape.W16384}",
                nameof(code));
        }

        ArrayBufferWriter<byte> buffer = new(Limits.IrisTemplateBytes / 2);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteBase64String(CodesName, OpenIrisBits.Pack(code.Code.Span));
            json.WriteBase64String(MasksName, OpenIrisBits.Pack(code.Mask.Span));
            json.WriteString(VersionName, DefaultVersion);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static Decoded<IrisCode> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new Rejection(0, $"JSON {Named(root)}", "an object");
        }

        JsonElement template = root;
        BiometricPosition eye = BiometricPosition.UnknownEye;
        if (root.TryGetProperty(TemplateName, out JsonElement inner))
        {
            if (inner.ValueKind != JsonValueKind.Object)
            {
                return new Rejection(
                    -1, $"{TemplateName} {Named(inner)}", "a template; a pipeline that failed has none");
            }

            if (EyeFault(root, out eye) is { } fault)
            {
                return fault;
            }

            template = inner;
        }

        return ReadTemplate(template, eye);
    }

    private static Decoded<IrisCode> ReadTemplate(JsonElement template, BiometricPosition eye)
    {
        if (BitsFault(template, CodesName, out byte[] codes) is { } codesFault)
        {
            return codesFault;
        }

        if (BitsFault(template, MasksName, out byte[] masks) is { } masksFault)
        {
            return masksFault;
        }

        if (OpenIrisBits.ShapeOf(codes.Length) is not { } shape)
        {
            return new Rejection(
                -1, $"{codes.Length} bytes of {CodesName}",
                $"{IrisShape.OpenIris12800.Bits / 8} for {IrisShape.OpenIris12800} "
                + $"or {IrisShape.W16384.Bits / 8} for {IrisShape.W16384}");
        }

        if (masks.Length != codes.Length)
        {
            return new Rejection(
                -1, $"{masks.Length} bytes of {MasksName}", $"{codes.Length}, as many as of {CodesName}");
        }

        return new IrisCode
        {
            Position = eye,
            Shape = shape,
            Code = OpenIrisBits.Unpack(codes),
            Mask = OpenIrisBits.Unpack(masks),
        };
    }

    private static Rejection? BitsFault(JsonElement template, string name, out byte[] bits)
    {
        bits = [];
        if (!template.TryGetProperty(name, out JsonElement element))
        {
            return new Rejection(-1, $"no {name}", "base64 of packed bits");
        }

        if (element.ValueKind != JsonValueKind.String)
        {
            return new Rejection(-1, $"{name} {Named(element)}", "one base64 string for all wavelets");
        }

        if (!element.TryGetBytesFromBase64(out byte[]? decoded)
            && (decoded = Base64Text.Decode(element.GetString()!)) is null)
        {
            return new Rejection(-1, $"{name} that is not base64", "base64 of packed bits");
        }

        bits = decoded;
        return null;
    }

    private static Rejection? EyeFault(JsonElement output, out BiometricPosition eye)
    {
        eye = BiometricPosition.UnknownEye;
        if (!output.TryGetProperty(MetadataName, out JsonElement metadata)
            || metadata.ValueKind != JsonValueKind.Object
            || !metadata.TryGetProperty(EyeSideName, out JsonElement side)
            || side.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (side.ValueKind == JsonValueKind.String && side.ValueEquals("left"))
        {
            eye = BiometricPosition.LeftEye;
        }
        else if (side.ValueKind == JsonValueKind.String && side.ValueEquals("right"))
        {
            eye = BiometricPosition.RightEye;
        }
        else
        {
            return new Rejection(-1, $"another {EyeSideName} ({Named(side)})", "\"left\", \"right\" or null");
        }

        return null;
    }

    /// <summary>Writes 0 over every NaN and Infinity outside a string, so that offsets stay as they are.</summary>
    private static (int First, int Times) ReplaceNonFinite(Span<byte> json)
    {
        int first = -1;
        int times = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (inString && json[i] == '\\')
            {
                i++; // Whatever it escapes ends no string.
            }
            else if (inString)
            {
                inString = json[i] != '"';
            }
            else if (json[i] == '"')
            {
                inString = true;
            }
            else if (NonFiniteBytes(json, i) is > 0 and int length)
            {
                json[i] = (byte)'0';
                json.Slice(i + 1, length - 1).Fill((byte)' ');
                first = times++ == 0 ? i : first;
            }
        }

        return (first, times);
    }

    /// <summary>Bytes of the NaN or Infinity that begins here as a value, or 0.</summary>
    private static int NonFiniteBytes(ReadOnlySpan<byte> json, int at) =>
        at > 0 && json[at - 1] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)':' or (byte)','
            or (byte)'[' or (byte)'-') ? 0
        : json[at..].StartsWith("NaN"u8) ? 3
        : json[at..].StartsWith("Infinity"u8) ? 8
        : 0;

    private static string Named(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    /// <summary>
    /// The parser counts lines and bytes within a line; a rejection counts bytes from the start.
    /// </summary>
    private static long OffsetOf(JsonException malformed, ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        for (long line = malformed.LineNumber ?? 0; line > 0; line--)
        {
            start += bytes[start..].IndexOf((byte)'\n') + 1;
        }

        return Math.Min(start + (malformed.BytePositionInLine ?? 0), bytes.Length);
    }
}
