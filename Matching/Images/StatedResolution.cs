namespace MatchCluster.Matching.Images;

/// <summary>The resolution in a file's header, as pixels per inch.</summary>
internal static class StatedResolution
{
    private const double MetresPerInch = 0.0254;
    private const double CentimetresPerInch = 2.54;

    /// <summary>Share by which the two directions may differ and still count as one.</summary>
    private const double Tolerance = 0.02;

    /// <summary>Pixels per inch, whole; null where the header states none, or two directions that differ.</summary>
    public static int? OfInches(double across, double down, List<string> warnings)
    {
        if (!(across > 0 && down > 0 && across < 100_000 && down < 100_000))
        {
            return null;
        }

        if (Math.Abs(across - down) > Tolerance * across)
        {
            warnings.Add($"the file states {across:0} pixels per inch across and {down:0} down, and neither is taken");
            return null;
        }

        return (int)Math.Round(across);
    }

    public static int? OfMetres(double across, double down, List<string> warnings) =>
        OfInches(across * MetresPerInch, down * MetresPerInch, warnings);

    public static int? OfCentimetres(double across, double down, List<string> warnings) =>
        OfInches(across * CentimetresPerInch, down * CentimetresPerInch, warnings);
}
