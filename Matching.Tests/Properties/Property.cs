using System.Globalization;
using CsCheck;
using Xunit.Sdk;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>
/// Holds a property against generated values. Every case has a seed of its own, so that a run is the same on every
/// machine; MATCHCLUSTER_SEED repeats one case or starts elsewhere.
/// </summary>
internal static class Property
{
    private const uint Stream = 1;
    private const int SmallerTries = 2000;

    private static readonly ulong Start = ulong.Parse(
        Environment.GetEnvironmentVariable("MATCHCLUSTER_SEED") ?? "1000", CultureInfo.InvariantCulture);

    /// <summary>Where a case fails, CsCheck looks for a smaller one and prints it with its seed.</summary>
    public static void Holds<T>(Gen<T> cases, int times, Action<T> property)
    {
        for (int i = 0; i < times; i++)
        {
            PCG dice = new(Stream, Start + (ulong)i);
            string seed = dice.ToString();
            try
            {
                property(cases.Generate(dice, null, out _));
            }
            catch (Exception fault)
            {
                throw new XunitException(
                    $"case {i}; repeat with MATCHCLUSTER_SEED={Start + (ulong)i}; {Smaller(cases, seed, property)}",
                    fault);
            }
        }
    }

    private static string Smaller<T>(Gen<T> cases, string seed, Action<T> property)
    {
        try
        {
            cases.Sample(property, seed: seed, iter: SmallerTries, threads: 1, print: ValueText.Of);
            return "CsCheck could not repeat it";
        }
        catch (CsCheckException found)
        {
            return found.Message;
        }
    }
}
