namespace MatchCluster.Matching.Extraction;

/// <summary>Shapes of marked blocks: thin parts, connected parts, holes.</summary>
internal sealed class GridShapes
{
    private int[] part = [];
    private int[] queue = [];
    private int[] sums = [];
    private bool[] opened = [];
    private int columns;
    private int rows;

    public void Resize(int newColumns, int newRows)
    {
        columns = newColumns;
        rows = newRows;
        int count = columns * rows;
        if (this.part.Length < count)
        {
            this.part = new int[count];
            this.queue = new int[count];
            this.opened = new bool[count];
        }

        if (this.sums.Length < (columns + 1) * (rows + 1))
        {
            this.sums = new int[(columns + 1) * (rows + 1)];
        }
    }

    /// <summary>
    /// Takes away what is thinner than a square of 2 <paramref name="reach"/> + 1 blocks: lines, frames,
    /// writing. Beyond the edge of the picture the blocks count as marked.
    /// </summary>
    public void Open(bool[] marked, int reach)
    {
        SumUp(marked);
        for (int i = 0; i < columns * rows; i++)
        {
            this.opened[i] = Around(i, reach, out int all) == all;
        }

        SumUp(this.opened);
        for (int i = 0; i < columns * rows; i++)
        {
            marked[i] = Around(i, reach, out _) > 0;
        }
    }

    /// <summary>Leaves the largest connected part.</summary>
    /// <returns>Blocks of the largest and of the second largest part.</returns>
    public (int Largest, int Second) KeepLargest(bool[] marked)
    {
        Array.Clear(this.part, 0, columns * rows);
        int name = 0;
        int best = -1;
        int largest = 0;
        int second = 0;
        for (int i = 0; i < columns * rows; i++)
        {
            if (!marked[i] || this.part[i] != 0)
            {
                continue;
            }

            int size = Flood(marked, i, ++name);
            second = Math.Max(second, Math.Min(size, largest));
            (best, largest) = size > largest ? (name, size) : (best, largest);
        }

        for (int i = 0; i < columns * rows; i++)
        {
            marked[i] = this.part[i] == best;
        }

        return (largest, second);
    }

    /// <summary>Blocks of the largest connected part.</summary>
    public int LargestPart(bool[] marked)
    {
        Array.Clear(this.part, 0, columns * rows);
        int name = 0;
        int largest = 0;
        for (int i = 0; i < columns * rows; i++)
        {
            if (marked[i] && this.part[i] == 0)
            {
                largest = Math.Max(largest, Flood(marked, i, ++name));
            }
        }

        return largest;
    }

    /// <summary>Takes away connected parts of fewer blocks.</summary>
    public void DropSmall(bool[] marked, int least)
    {
        Array.Clear(this.part, 0, columns * rows);
        int name = 0;
        for (int i = 0; i < columns * rows; i++)
        {
            if (!marked[i] || this.part[i] != 0)
            {
                continue;
            }

            int size = Flood(marked, i, ++name);
            if (size < least)
            {
                foreach (int block in this.queue.AsSpan(0, size))
                {
                    marked[block] = false;
                }
            }
        }
    }

    /// <summary>
    /// Marks unmarked parts of at most so many blocks that do not touch the edge of the picture.
    /// </summary>
    public void FillHoles(bool[] marked, int largest)
    {
        Array.Clear(this.part, 0, columns * rows);
        for (int i = 0; i < columns * rows; i++)
        {
            marked[i] = !marked[i];
        }

        int name = 0;
        for (int i = 0; i < columns * rows; i++)
        {
            if (!marked[i] || this.part[i] != 0)
            {
                continue;
            }

            int size = Flood(marked, i, ++name);
            if (size <= largest && !TouchesEdge(this.queue.AsSpan(0, size)))
            {
                foreach (int block in this.queue.AsSpan(0, size))
                {
                    this.part[block] = 0;
                }
            }
        }

        for (int i = 0; i < columns * rows; i++)
        {
            marked[i] = this.part[i] == 0;
        }
    }

    private bool TouchesEdge(ReadOnlySpan<int> blocks)
    {
        foreach (int block in blocks)
        {
            int x = block % columns;
            if (x == 0 || x == columns - 1 || block < columns || block >= columns * (rows - 1))
            {
                return true;
            }
        }

        return false;
    }

    private int Flood(bool[] marked, int start, int name)
    {
        int head = 0;
        int tail = 0;
        Visit(start, true);
        while (head < tail)
        {
            int at = this.queue[head++];
            int x = at % columns;
            Visit(at - 1, x > 0);
            Visit(at + 1, x < columns - 1);
            Visit(at - columns, at >= columns);
            Visit(at + columns, at < columns * (rows - 1));
        }

        return tail;

        void Visit(int at, bool exists)
        {
            if (exists && marked[at] && this.part[at] == 0)
            {
                this.part[at] = name;
                this.queue[tail++] = at;
            }
        }
    }

    /// <summary>Sums from the top left corner, so that any square costs four of them.</summary>
    private void SumUp(bool[] marked)
    {
        Array.Clear(this.sums, 0, columns + 1);
        for (int y = 0; y < rows; y++)
        {
            int at = (y + 1) * (columns + 1);
            this.sums[at] = 0;
            int row = 0;
            for (int x = 0; x < columns; x++)
            {
                row += marked[(y * columns) + x] ? 1 : 0;
                this.sums[at + x + 1] = this.sums[at + x - columns] + row;
            }
        }
    }

    /// <summary>
    /// Marked blocks of the square round a block, and how many blocks it has in the picture.
    /// </summary>
    private int Around(int block, int reach, out int all)
    {
        int x = block % columns;
        int y = block / columns;
        int left = Math.Max(x - reach, 0);
        int top = Math.Max(y - reach, 0) * (columns + 1);
        int right = Math.Min(x + reach + 1, columns);
        int bottom = Math.Min(y + reach + 1, rows) * (columns + 1);
        all = (right - left) * ((bottom - top) / (columns + 1));
        return this.sums[bottom + right] - this.sums[top + right] - this.sums[bottom + left] + this.sums[top + left];
    }
}
