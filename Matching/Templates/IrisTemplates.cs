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
    /// <remarks>Of a template with several codes, the first one.</remarks>
    public static Decoded<IrisCode> Decode(TemplateFormat format, ReadOnlySpan<byte> bytes)
    {
        Decoded<IrisCodes> all = Decode(format, bytes, out _);
        return all.IsAccepted ? all.Value.Codes[0] : all.Rejection;
    }

    /// <summary>All codes or the rejection, and what was read though its format does not allow it.</summary>
    public static Decoded<IrisCodes> Decode(
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
                return MatchClusterIrisSet.Begins(bytes)
                    ? MatchClusterIrisSet.Decode(bytes) : Alone(MatchClusterIris.Decode(bytes));
            case TemplateFormat.OpenIrisJson:
                Decoded<IrisCode> code = OpenIrisJson.Decode(bytes, out int nonFinite, out int times);
                forgiven = times == 0 ? [] : [new Forgiven(ForgivenKind.NonFiniteNumber, times, nonFinite, 0)];
                return Alone(code);
            default:
                return new Rejection(-1, $"template format {format}", "a format of iris codes");
        }
    }

    private static Decoded<IrisCodes> Alone(Decoded<IrisCode> code) =>
        code.IsAccepted ? new IrisCodes([code.Value]) : code.Rejection;

    /// <summary>
    /// The codes of one eye in one of the formats: ours takes them all, open-iris' JSON the first one of a
    /// shape that it has.
    /// </summary>
    /// <exception cref="ArgumentException">As of a single code, or they are not of one eye and
    /// encoder.</exception>
    public static byte[] Encode(TemplateFormat format, IReadOnlyList<IrisCode> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        if (codes.Count == 1 || format != TemplateFormat.MatchClusterIris)
        {
            return Encode(format, codes.FirstOrDefault(IsOfOpenIris) ?? codes[0]);
        }

        foreach (IrisCode code in codes)
        {
            CheckIsWhole(code);
        }

        return MatchClusterIrisSet.Encode(codes);
    }

    private static bool IsOfOpenIris(IrisCode code) => OpenIrisBits.ShapeOf(code.Shape.Bits / 8) == code.Shape;

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

    /// <summary>
    /// Our binary template (docs/iris-template.md): version 1, or version 2 where the code says what made it.
    /// </summary>
    /// <exception cref="ArgumentException">The code is not what its shape says; the message names
    /// it.</exception>
    public static byte[] EncodeMatchCluster(IrisCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        CheckIsWhole(code);
        return code.Encoder == IrisEncoderId.Unknown
            ? MatchClusterIris.Encode(code) : MatchClusterIrisSet.Encode([code]);
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
