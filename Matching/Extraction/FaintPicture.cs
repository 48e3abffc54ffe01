namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Stretches the grey levels of a picture that uses few of them. Several steps know what a sensor's noise and a form's
/// lines have in grey levels, and take ridges that are fainter than that for noise. A picture that uses a quarter of
/// the levels and more is left as it is: 576 public prints use 99 and more.
/// </summary>
internal sealed class FaintPicture
{
    /// <summary>Levels between the darkest and the lightest pixels from which on nothing is stretched.</summary>
    private const int EnoughLevels = 64;

    /// <summary>Times that a difference grows at most: 32 levels become all; noise is not made a print.</summary>
    private const int MostGain = 8;

    /// <summary>One pixel in so many may be darker, and one lighter: specks do not count.</summary>
    private const int Specks = 200;

    private const int Levels = 256;
    private const int Middle = Levels / 2;

    private readonly int[] counts = new int[4 * Levels];
    private readonly byte[] levels = new byte[Levels];
    private byte[] stretched = [];

    /// <summary>The picture with more of the levels; itself where it has enough. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> pixels)
    {
        Count(pixels);
        int specks = pixels.Length / Specks;
        int dark = Beyond(specks, 0, 1);
        int light = Beyond(specks, Levels - 1, -1);
        if (light - dark >= EnoughLevels || light <= dark)
        {
            return pixels;
        }

        int gain = Math.Min(MostGain, (Levels - 1) / (light - dark));
        for (int level = 0; level < Levels; level++)
        {
            this.levels[level] = (byte)Math.Clamp(Middle + (gain * ((2 * level) - dark - light) / 2), 0, Levels - 1);
        }

        if (this.stretched.Length < pixels.Length)
        {
            this.stretched = new byte[pixels.Length];
        }

        for (int i = 0; i < pixels.Length; i++)
        {
            this.stretched[i] = this.levels[pixels[i]];
        }

        return this.stretched.AsSpan(0, pixels.Length);
    }

    /// <summary>Counts the pixels of each level, neighbours in tables of their own: they are often equal.</summary>
    private void Count(ReadOnlySpan<byte> pixels)
    {
        Array.Clear(this.counts);
        int i = 0;
        for (; i <= pixels.Length - 4; i += 4)
        {
            this.counts[pixels[i]]++;
            this.counts[Levels + pixels[i + 1]]++;
            this.counts[(2 * Levels) + pixels[i + 2]]++;
            this.counts[(3 * Levels) + pixels[i + 3]]++;
        }

        for (; i < pixels.Length; i++)
        {
            this.counts[pixels[i]]++;
        }
    }

    /// <summary>The first level, from one end on, beyond which there are more pixels than specks.</summary>
    private int Beyond(int specks, int from, int step)
    {
        int level = from;
        for (int sum = 0; level >= 0 && level < Levels; level += step)
        {
            sum += this.counts[level] + this.counts[Levels + level] + this.counts[(2 * Levels) + level]
                + this.counts[(3 * Levels) + level];
            if (sum > specks)
            {
                break;
            }
        }

        return level;
    }
}
