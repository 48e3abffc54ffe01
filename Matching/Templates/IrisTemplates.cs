using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Decodes and encodes iris templates: our own binary form and open-iris' JSON. Bytes of unknown origin never
/// throw; what an encoder cannot represent does, because there the caller is wrong.
/// </summary>
public static class IrisTemplates
{
    /// <summary>
    /// The code, or the rejection that says where, what was found and what was wanted. A format that holds no
    /// iris is rejected too.
    /// </summary>
    public static Decoded<IrisCode> Decode(TemplateFormat format, ReadOnlySpan<byte> bytes) =>
        Decode(format, bytes, out _);

    /// <summary>The code or the rejection, and what was read though its format does not allow it.</summary>
    public static Decoded<IrisCode> Decode(
        TemplateFormat format, ReadOnlySpan<byte> bytes, out IReadOnlyList<Forgiven> forgiven)
    {
        forgiven = [];
        int most = format == TemplateFormat.OpenIrisJson ? Limits.IrisJsonBytes : Limits.IrisTemplateBytes;
        if (bytes.Length > most)
        {
            return new Rejection(-1, $"an iris template of {bytes.Length} bytes", $"at most {most}");
        }

        switch (format)
        {
            case TemplateFormat.MatchClusterIris:
                return MatchClusterIris.Decode(bytes);
            case TemplateFormat.OpenIrisJson:
                Decoded<IrisCode> code = OpenIrisJson.Decode(bytes, out int nonFinite, out int times);
                forgiven = times == 0 ? [] : [new Forgiven(ForgivenKind.NonFiniteNumber, times, nonFinite, 0)];
                return code;
            default:
                return new Rejection(-1, $"template format {format}", "a format of iris codes");
        }
    }

    /// <summary>The code in one of the formats.</summary>
    /// <exception cref="ArgumentException">
    /// The format holds no iris, or has no room for this one; the message names it.
    /// </exception>
    public static byte[] Encode(TemplateFormat format, IrisCode code) => format switch
    {
        TemplateFormat.MatchClusterIris => EncodeMatchCluster(code),
        TemplateFormat.OpenIrisJson => EncodeOpenIrisJson(code),
        _ => throw new ArgumentException(
            $"found template format {format}, wanted a format of iris codes", nameof(format)),
    };

    /// <summary>Our binary template (docs/iris-template.md), version 1.</summary>
    /// <exception cref="ArgumentException">The code is not what its shape says; the message names
    /// it.</exception>
    public static byte[] EncodeMatchCluster(IrisCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        CheckIsWhole(code);
        return MatchClusterIris.Encode(code);
    }

    /// <summary>
    /// The JSON that open-iris' <c>IrisTemplate.deserialize</c> reads. It has no room for the eye or a
    /// quality.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The code is not what its shape says, or of a shape that open-iris does not have; the message names it.
    /// </exception>
    public static byte[] EncodeOpenIrisJson(IrisCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        CheckIsWhole(code);
        return OpenIrisJson.Encode(code);
    }

    private static void CheckIsWhole(IrisCode code)
    {
        if (!code.Shape.IsValid)
        {
            throw new ArgumentException($"found shape {code.Shape}, wanted a valid one", nameof(code));
        }

        if (code.Code.Length != code.Shape.Words || code.Mask.Length != code.Shape.Words)
        {
            throw new ArgumentException(
                $"found {code.Code.Length} words of code and {code.Mask.Length} of mask, "
                + $"wanted {code.Shape.Words} of each for shape {code.Shape}",
                nameof(code));
        }

        if (code.Position.Modality != Modality.Iris)
        {
            throw new ArgumentException($"found position {code.Position}, wanted an eye", nameof(code));
        }

        if (code.Quality is < 0 or > 100)
        {
            throw new ArgumentException($"found quality {code.Quality}, wanted 0..100 or none", nameof(code));
        }
    }
}
