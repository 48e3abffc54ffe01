namespace MatchCluster.Matching.Model;

/// <summary>What one sample holds: finger views or iris codes, each with its place on the body.</summary>
public sealed record DecodedSample(IReadOnlyList<FingerView> Fingers, IReadOnlyList<IrisCode> Irises)
{
    /// <summary>What was read though its format, or its label, does not allow it.</summary>
    public IReadOnlyList<Forgiven> Forgiven { get; init; } = [];

    /// <summary>Views and codes: each becomes at most one row or part of a probe.</summary>
    public int Count => Fingers.Count + Irises.Count;

    /// <summary>The places of its views or codes, each once.</summary>
    public IReadOnlyList<BiometricPosition> Places =>
        [.. Fingers.Select(view => view.Position).Concat(Irises.Select(code => code.Position)).Distinct()];

    /// <summary>The views and codes of several samples, without what was forgiven.</summary>
    internal static DecodedSample Of(IReadOnlyList<DecodedSample> samples) => new(
        [.. samples.SelectMany(sample => sample.Fingers)], [.. samples.SelectMany(sample => sample.Irises)]);

    /// <summary>This sample, with the place for each view or code that states none.</summary>
    public DecodedSample At(BiometricPosition place) => this with
    {
        Fingers = [.. Fingers.Select(view => view.Position.IsUnknown ? view with { Position = place } : view)],
        Irises = [.. Irises.Select(code => code.Position.IsUnknown ? code with { Position = place } : code)],
    };
}

/// <summary>
/// What a template was decoded to, kept beside it so that it is decoded once in a process. Any two are equal: they
/// take no part in the equality of samples.
/// </summary>
internal readonly struct KeptDecoding : IEquatable<KeptDecoding>
{
    private readonly Content? content;

    private KeptDecoding(Content content) => this.content = content;

    /// <summary>What a sample's template says, whatever its label.</summary>
    public static KeptDecoding Of(Sample sample, DecodedSample decoded) =>
        new(new Content(sample.Position.Modality, sample.Format, sample.Template, decoded));

    /// <summary>It, if it is of this very template; null where a copy of the sample got another one.</summary>
    public DecodedSample? For(Sample sample) => content is not null && content.Modality == sample.Position.Modality
        && content.Format == sample.Format && content.Template.Equals(sample.Template) ? content.Decoded : null;

    public bool Equals(KeptDecoding other) => true;

    public override bool Equals(object? obj) => obj is KeptDecoding;

    public override int GetHashCode() => 0;

    private sealed record Content(
        Modality Modality, TemplateFormat Format, ReadOnlyMemory<byte> Template, DecodedSample Decoded);
}
